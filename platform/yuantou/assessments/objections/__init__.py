"""What a county says against its draft, what would follow from it, and what was decided."""
