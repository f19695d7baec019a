"""Settings, URLs, middleware order."""
