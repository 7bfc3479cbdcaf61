"""Drafts kept by the server."""
