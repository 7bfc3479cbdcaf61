"""New versions of indicators: proposed, tried on real data, put in force by a second person."""
