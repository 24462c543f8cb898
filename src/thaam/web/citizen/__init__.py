"""Pages for this audience: citizen."""
