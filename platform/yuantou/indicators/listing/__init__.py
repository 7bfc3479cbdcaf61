"""Lists of villages by the year, from which the share without suits is reckoned."""
