"""Meetings, decisions, suggestions, bulletins, campaigns, inspections."""
