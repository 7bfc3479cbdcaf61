"""Courts' monthly counts."""
