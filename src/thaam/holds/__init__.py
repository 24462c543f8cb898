"""Asking banks to hold, their answers, releasing, restoring, expiry; the hold book."""
