"""The one clock: working days, working hours and deadlines."""
