"""Schemes that give points: proposed, tried on a past year, put in force by a second person."""
