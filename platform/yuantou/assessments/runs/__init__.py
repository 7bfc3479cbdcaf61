"""The life of a run: prepared, previewed, approved by two, published; or cancelled, or failed."""
