"""What many matters share: employers, platforms, causes, projects, policies; never a person."""
