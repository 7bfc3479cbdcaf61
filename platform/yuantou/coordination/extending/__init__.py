"""More time: with both parties' consent, or by approval of the county's centre."""
