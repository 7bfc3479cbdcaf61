"""A synthetic province on real areas, for demonstration and measurement."""
