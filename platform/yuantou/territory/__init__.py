"""Areas with boundaries, populations and courts, each with validity and source."""
