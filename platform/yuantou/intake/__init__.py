"""Logging a dispute, and finding out whether it is already there."""
