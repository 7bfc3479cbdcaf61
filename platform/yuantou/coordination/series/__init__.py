"""Same and alike: possible twins side by side, and matters of one kind under one lead."""
