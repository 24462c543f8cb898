"""Dated, sourced rules per jurisdiction: clocks, thresholds, sections of law, calendars. Pure."""
