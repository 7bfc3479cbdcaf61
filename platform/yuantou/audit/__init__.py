"""The hash chain: one row per write, sign-in, export and opening of personal data."""
