"""Addresses outside the languages: the short links of messages, the service worker, robots."""

from django.urls import path

from thaam.web.shared import addresses, metrics, telephony

app_name = "shared"
urlpatterns = [
    path("telephony/events", telephony.events, name="telephony"),
    path("robots.txt", addresses.robots, name="robots"),
    path("metrics", metrics.metrics, name="metrics"),
    path("sw.js", addresses.service_worker, name="service-worker"),
    path("manifest.webmanifest", addresses.manifest, name="manifest"),
    path("verify/<str:number>", addresses.letter_link, name="letter-link"),
    path("s/<slug:code>", addresses.short_link, name="short-link"),
]
