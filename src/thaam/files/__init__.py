"""Bytes, hashes, custody, scan state."""
