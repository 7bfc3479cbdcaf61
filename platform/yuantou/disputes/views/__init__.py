"""Saved views: questions to the desk that come back."""
