"""Hindi and English side by side: texts, rupees, dates and number words. Pure."""
