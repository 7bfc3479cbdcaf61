"""Counts watched every night: what is unusual, where, since when."""
