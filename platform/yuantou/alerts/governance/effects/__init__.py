"""Whether there was less afterwards, with an interval."""
