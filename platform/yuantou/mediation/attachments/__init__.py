"""Files of a matter: judged by content, sealed, kept outside the database."""
