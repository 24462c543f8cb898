"""Thaam: hold the money, steady the person. ARCHITECTURE.md says where things are."""
