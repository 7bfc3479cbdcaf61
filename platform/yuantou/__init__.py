"""源头： disputes prevented at their source."""
