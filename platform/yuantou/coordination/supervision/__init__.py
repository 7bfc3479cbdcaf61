"""Supervision of slow matters: urging, orders with a limit, public listing, and what came of it."""
