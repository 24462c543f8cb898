"""Giving held money back to victims."""
