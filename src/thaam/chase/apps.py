"""The Django app of this package."""

from django.apps import AppConfig


class ChaseConfig(AppConfig):
    """Registers the models under the package's own name."""

    name = "thaam.chase"
    label = "chase"
    default_auto_field = "django.db.models.BigAutoField"
