"""类案分析: a frozen set of matters, what they share, and what follows from it."""
