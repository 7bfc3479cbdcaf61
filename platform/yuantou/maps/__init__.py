"""Figures on the county map."""
