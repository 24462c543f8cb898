"""Server-drawn SVG charts: small, deterministic, readable in print and without colour. Pure functions.

Every chart is drawn from the same rows as the table beside it; a page shows both.
"""
