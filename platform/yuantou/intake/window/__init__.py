"""The window of a centre: the desk, its receipts, who is present and who is on call."""
