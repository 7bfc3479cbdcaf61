"""Tests of source governance."""
