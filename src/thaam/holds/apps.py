"""The Django app of this package."""

from django.apps import AppConfig


class HoldsConfig(AppConfig):
    """Registers the models under the package's own name."""

    name = "thaam.holds"
    label = "holds"
    default_auto_field = "django.db.models.BigAutoField"
