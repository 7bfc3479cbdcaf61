"""The ledger: what became of warnings, and what the detectors would have said."""
