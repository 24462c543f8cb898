"""Numbered, verifiable PDFs."""
