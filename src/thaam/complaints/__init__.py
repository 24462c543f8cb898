"""What the citizen told us, and how it stands."""
