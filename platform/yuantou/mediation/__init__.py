"""Records, agreements, performance and follow-up."""
