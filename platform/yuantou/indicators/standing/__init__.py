"""Where a figure stands: among the counties of an area, against its own past, and for how long."""
