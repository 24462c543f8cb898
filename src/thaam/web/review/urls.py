"""Pages of the people who review the month."""

from django.urls import path

from thaam.web.review import home, meetings, press

app_name = "review"
urlpatterns = [
    path("", home.home, name="home"),
    path("snapshots/take", home.take, name="take"),
    path("snapshots/<str:name>/complaints", home.behind, name="behind"),
    path("definitions", home.definitions, name="definitions"),
    path("meetings", meetings.listing, name="meetings"),
    path("meetings/<uuid:meeting_id>", meetings.meeting, name="meeting"),
    path("attend/<str:code>", meetings.attend, name="attend"),
    path("decisions/<uuid:decision_id>/close", meetings.close_decision, name="close-decision"),
    path("suggestions/<uuid:suggestion_id>/answer", meetings.answer_suggestion, name="answer-suggestion"),
    path("press", press.listing, name="press"),
    path("press/<uuid:note_id>", press.note, name="press-note"),
]
