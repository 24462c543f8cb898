"""The engine: grow the trail, find its open ends, ask for holds, repeat."""
