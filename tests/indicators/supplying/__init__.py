"""Tests of counts that only their owner knows."""
