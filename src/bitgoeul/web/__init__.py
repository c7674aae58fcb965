"""Settings, root addresses, base templates and static files."""
