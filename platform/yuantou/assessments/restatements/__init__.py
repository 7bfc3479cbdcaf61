"""What was sent beside what is known today, and new editions of what was sent."""
