"""The deployment's own calendar reaches every clock of working or banking days, whichever package reckons it."""

from django.apps import AppConfig


class ClocksConfig(AppConfig):
    """Registers the holidays added in the database with the rulebook."""

    name = "thaam.clocks"
    label = "clocks"

    def ready(self) -> None:
        """Once, when the process has its models."""
        from thaam.clocks.running import closed_days
        from thaam.rulebook.clocks import also_closed

        also_closed(closed_days)
