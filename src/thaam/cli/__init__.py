"""The thaam command."""
