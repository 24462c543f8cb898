"""The label of these pages among the installed apps: `suspects` is the registry itself."""

from django.apps import AppConfig


class SuspectsPages(AppConfig):
    """Pages of thaam.suspects and thaam.prevention."""

    name = "thaam.web.suspects"
    label = "web_suspects"
