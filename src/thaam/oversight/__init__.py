"""Figures, snapshots, league tables. Reads everything, writes only snapshots."""
