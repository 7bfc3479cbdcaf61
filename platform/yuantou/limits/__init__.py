"""Deadlines, pauses and extensions: one engine."""
