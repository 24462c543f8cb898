"""The Django app of this package."""

from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    """Registers the models under the package's own name."""

    name = "thaam.complaints"
    label = "complaints"
    default_auto_field = "django.db.models.BigAutoField"
