"""The dispute, its parties, its state machine and its history."""
