"""Settings, URLs, middleware order, installation, backup."""
