"""The one error of every channel."""


class NotSent(Exception):
    """The route did not take the message: another route, or later."""
