"""Registry of identifiers seen in fraud."""
