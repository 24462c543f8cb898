"""Asking banks to hold money, what they answered, and every way a hold ends: the hold book."""
