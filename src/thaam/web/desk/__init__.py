"""Pages for this audience: desk."""
