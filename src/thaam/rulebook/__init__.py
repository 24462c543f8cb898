"""Dated, sourced, per-jurisdiction rules: clocks, thresholds, sections of law, calendars, floors and limits. Pure."""
