"""Tests of the courts' case-level feed."""
