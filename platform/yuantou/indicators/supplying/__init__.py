"""Counts that only their owner knows: typed or imported month by month, corrected by revisions."""
