"""Targets by file, and how far each has come."""
