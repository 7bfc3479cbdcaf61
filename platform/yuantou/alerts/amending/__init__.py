"""Versions of the rules: proposed, tried on the past, put in force by a second person."""
