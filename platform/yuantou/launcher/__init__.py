"""`make run`: database, set-up, web server and scheduler with one command."""
