"""Pages for this audience: bank."""
