"""调研课题: a question, figures frozen for it, a report, a library."""
