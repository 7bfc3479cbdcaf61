"""Bulletins of a county centre: the daily, weekly and monthly digest (日研判、周调度、月通报)."""
