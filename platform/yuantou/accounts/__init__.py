"""People who sign in: accounts, passwords, deputies, leavers."""
