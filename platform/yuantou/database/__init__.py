"""Sessions, roles and the viewer's scope on every transaction."""
