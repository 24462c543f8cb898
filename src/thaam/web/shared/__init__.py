"""Pages for this audience: shared."""
