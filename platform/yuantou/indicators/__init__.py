"""Named, versioned figures: aggregate, membership and disclosure."""
