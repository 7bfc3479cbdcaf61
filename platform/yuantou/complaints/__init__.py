"""Complaints and suggestions (投诉建议): left from any page, answered within a limit."""
