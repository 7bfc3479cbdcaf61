"""The desk: triage, dispatch, sign, return and supervision."""
