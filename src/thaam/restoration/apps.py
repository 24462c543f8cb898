"""The Django app of this package."""

from django.apps import AppConfig


class RestorationConfig(AppConfig):
    """Registers the models under the package's own name."""

    name = "thaam.restoration"
    label = "restoration"
    default_auto_field = "django.db.models.BigAutoField"
