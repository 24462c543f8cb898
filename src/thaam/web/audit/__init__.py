"""Pages for this audience: audit."""
