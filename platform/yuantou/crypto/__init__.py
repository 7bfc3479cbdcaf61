"""Keys, field encryption and blind indexes for personal data."""
