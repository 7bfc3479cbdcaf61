"""Courts: judicial confirmation of agreements, and mediation that courts entrust."""
