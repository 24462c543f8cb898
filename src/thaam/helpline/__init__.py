"""The helpline: its calls (import of queue logs and call records, service figures, staffing; one SQLite file that the
command reads without the platform), and its room (models.py: calls as they come, work to do, words for the next)."""
