"""The forms of a mediation file, filled from the record, as Word and PDF."""
