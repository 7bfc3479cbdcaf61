"""Warnings: raised by rules and detectors with their reasons, owned, limited, answered."""
