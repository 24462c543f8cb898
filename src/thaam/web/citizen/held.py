"""The door of a person whose account has a hold: the five facts they have a right to, and how to object."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from thaam.web.shared.audience import for_citizens


@for_citizens
def held(request: HttpRequest) -> HttpResponse:
    """Where to find the code of the notice, what a hold means, what to ask the branch."""
    return render(request, "citizen/held.html")
