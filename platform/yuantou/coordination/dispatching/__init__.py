"""Dispatch: who owns what, who helps, who hands over to whom, and how long each one had it."""
