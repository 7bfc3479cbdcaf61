"""Corrections of what was logged, each with what stood before."""
