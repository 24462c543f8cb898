"""Synthetic banks, people and frauds with known truth; nothing here is about a real person or bank."""
