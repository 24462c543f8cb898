"""Shared work: what I owe, bulletins, inspections, awareness, traders' problems, suggestions, and the calls' door."""

from django.urls import path

from thaam.web.together import awareness, bulletins, home, hook, inspections, traders

app_name = "together"
urlpatterns = [
    path("", home.home, name="home"),
    path("decisions/<uuid:decision_id>/close", home.close_decision, name="close-decision"),
    path("suggestions", home.suggestions, name="suggestions"),
    path("bulletins", bulletins.listing, name="bulletins"),
    path("bulletins/trends", bulletins.trend_sheet, name="trends"),
    path("bulletins/<uuid:bulletin_id>", bulletins.bulletin, name="bulletin"),
    path("inspections", inspections.listing, name="inspections"),
    path("inspections/new/<str:checklist>", inspections.new, name="new-inspection"),
    path("inspections/<uuid:inspection_id>", inspections.inspection, name="inspection"),
    path("inspections/<uuid:inspection_id>/photos/<str:digest>", inspections.photo, name="finding-photo"),
    path("findings/<int:finding_id>/right", inspections.right, name="put-right"),
    path("awareness", awareness.listing, name="awareness"),
    path("awareness/<uuid:event_id>", awareness.event, name="event"),
    path("awareness/<uuid:event_id>/photos/<str:digest>", awareness.photo, name="event-photo"),
    path("awareness/materials", awareness.materials, name="materials"),
    path("awareness/materials/<uuid:material_id>.png", awareness.share_image, name="share-image"),
    path("awareness/leaflet.pdf", awareness.leaflet, name="leaflet"),
    path("traders", traders.listing, name="traders"),
    path("traders/<uuid:problem_id>/answer", traders.answer, name="answer-trader"),
    path("calls/events", hook.events, name="call-events"),
]
