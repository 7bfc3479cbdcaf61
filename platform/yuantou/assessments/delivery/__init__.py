"""Reports as papers: Word, PDF and Excel, summaries, the yearly draft, receipts and reminders."""
