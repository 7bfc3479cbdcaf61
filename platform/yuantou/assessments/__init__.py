"""Targets, schemes, runs, sealed reports and their delivery."""
