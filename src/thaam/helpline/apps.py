"""The Django app of this package."""

from django.apps import AppConfig


class HelplineConfig(AppConfig):
    """Registers the models under the package's own name."""

    name = "thaam.helpline"
    label = "helpline"
    default_auto_field = "django.db.models.BigAutoField"
