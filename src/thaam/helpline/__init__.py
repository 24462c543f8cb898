"""The helpline's calls: import of queue logs and call records, service figures, staffing. No Django models:
the store is one SQLite file, which the platform reads as well as the command."""
