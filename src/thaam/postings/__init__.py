"""Indexed bank postings: files, an in-memory index, and a node's SQLite store."""
