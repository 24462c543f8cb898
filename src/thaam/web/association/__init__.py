"""Pages for this audience: association."""
