"""Batches: one act on many matters, each judged on its own, with progress and a way back."""
