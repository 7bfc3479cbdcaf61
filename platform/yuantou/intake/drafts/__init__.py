"""Drafts: what was typed so far, kept by the server for its author."""
