"""Synthetic banks, people and frauds with known truth; world.toybank is a small real core bank. No Django."""
