"""Questions to units about figures that look made, asked before anybody judges."""
