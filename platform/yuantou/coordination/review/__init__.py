"""Cross-review of closed files: another area reads them by a checklist, the reviewed answers."""
