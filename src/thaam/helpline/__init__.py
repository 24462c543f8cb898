"""Calls: import, live events, service figures."""
