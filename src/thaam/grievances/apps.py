"""The Django app of this package."""

from django.apps import AppConfig


class GrievancesConfig(AppConfig):
    """Registers the models under the package's own name."""

    name = "thaam.grievances"
    label = "grievances"
    default_auto_field = "django.db.models.BigAutoField"
