"""Agencies in a tree over areas, and what each of them is."""
