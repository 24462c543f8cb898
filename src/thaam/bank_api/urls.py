"""Addresses under /api/v1/."""

from django.urls import path, re_path

from thaam.bank_api import suspects, views

app_name = "bank_api"
urlpatterns = [
    path("mailbox", views.mailbox, name="mailbox"),
    path("answers", views.answers, name="answers"),
    path("answers/together", views.many_answers, name="many_answers"),
    path("keys", views.platform_keys, name="keys"),
    path("holds", views.open_holds, name="holds"),
    path("checkpoints", views.checkpoints, name="checkpoints"),
    path("hints", views.hints, name="hints"),
    path("suspects", suspects.published, name="suspects"),
    path("suspects/screen", suspects.screen, name="screen"),
    path("openapi.json", views.description, name="openapi"),
    re_path(r"", views.nothing_here),
]
