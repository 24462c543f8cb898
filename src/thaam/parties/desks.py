"""Tell the database who is asking: the setting `thaam.desk` of the running transaction, and of nothing longer."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse


def sit_at(desk: str) -> None:
    """Set the desk (`office:<id>`, `partner:<code>`, `association:<id>`, `complaint:<id>`, or "").

    It holds until the transaction ends.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('thaam.desk', %s, true)", [desk])


@contextlib.contextmanager
def seated(desk: str) -> Iterator[None]:
    """A transaction at `desk`; the desk before it is back afterwards, also inside an outer transaction."""
    nested = connection.in_atomic_block
    with transaction.atomic():
        before = _desk() if nested else ""
        if desk or nested:
            sit_at(desk)
        yield
        # a transaction of our own ends with its setting
        if nested and not connection.needs_rollback:
            sit_at(before)


def _desk() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('thaam.desk', true), '')")
        return str(cursor.fetchone()[0])


class DeskMiddleware:
    """One transaction a request, at the desk of whoever signed in. A view's exception or a 5xx undoes it all.

    A citizen's page and the banks' door are at no desk until their view has checked the link or the signature and
    calls sit_at().
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == "/health" or request.path_info.startswith("/static/"):
            return self.get_response(request)
        with seated(getattr(request.user, "desk", "")):
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Nothing of a view that failed is kept."""
        transaction.set_rollback(True)
