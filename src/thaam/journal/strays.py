"""Look for facts outside the journal: in no line and not waiting for one, or shown under a topic they do not have."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F

from .models import Fact, Line


def findings() -> Iterator[str]:
    """One sentence for each; nothing of ours writes such a row."""
    for fact in Fact.objects.filter(line=None, pending=None).order_by("at", "id").iterator():
        yield f"fact {fact.pk} ({fact.kind}): it is in no line of the journal and waits for none"
    for position in Line.objects.exclude(topic=F("fact__topic")).values_list("position", flat=True):
        yield f"line {position}: it is filed under another topic than its fact, so its reader does not see it"
