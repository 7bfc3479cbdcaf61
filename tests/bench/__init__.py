"""Measuring speed: `make bench`."""
