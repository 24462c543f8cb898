"""Tells people what happened: reads the journal, sends messages."""
