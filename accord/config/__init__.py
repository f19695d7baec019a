"""Settings, URLs, middleware order, installation, and backup."""
