"""The courts' case-level feed: suits by keyed hashes, to see which settled matters came back."""
