"""What the loops call in this package."""

from datetime import timedelta

from thaam.oversight.telling import freeze_last_month, tell_down, tell_morning

timers = {"morning lines": tell_morning, "watch": tell_down, "freeze month": freeze_last_month}
every = {"morning lines": timedelta(minutes=10), "watch": timedelta(minutes=5), "freeze month": timedelta(hours=1)}
