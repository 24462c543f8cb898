"""Pages for this audience: police."""
