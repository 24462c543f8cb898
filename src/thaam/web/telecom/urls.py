"""Pages of a telecom operator, registrar or store: its mailbox, one request a screen."""

from django.urls import path

from thaam.web.telecom import queue, request

app_name = "telecom"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("request/<uuid:order_id>", request.one, name="request"),
]
