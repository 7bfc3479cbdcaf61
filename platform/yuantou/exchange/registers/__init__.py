"""Registers of other systems, filled from the one record."""
