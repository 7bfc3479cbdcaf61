"""Reminders before a deadline, and notices after it: once per deadline and offset."""
