"""Pages for this audience: review."""
