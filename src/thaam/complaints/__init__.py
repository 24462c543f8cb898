"""What a citizen told us, as told, and how it stands."""
