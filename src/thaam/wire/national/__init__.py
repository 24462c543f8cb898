"""Mapping profiles beside our protocol: the national Excel layouts and the national JSON shape, in and out.

Both were observed in public code, never published; names and ids therefore stand in profile.toml and can be changed
without touching code. Nothing that comes in is dropped: what has no place here is carried along and shown.
"""
