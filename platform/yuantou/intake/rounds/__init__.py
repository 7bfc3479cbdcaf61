"""Screening rounds: units report what they found; nothing found is a report like any other."""
