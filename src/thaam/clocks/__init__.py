"""Clocks that run: started by what happens, paused with a reason, warned about, escalated, and always explained."""
