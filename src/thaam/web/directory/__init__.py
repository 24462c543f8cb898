"""Pages for this audience: who keeps the directory."""
