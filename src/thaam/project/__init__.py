"""Settings, urls, supervisor, loops."""
