"""稳评项目: which decisions were appraised before they were taken."""
