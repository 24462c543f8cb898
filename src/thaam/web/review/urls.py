"""Pages of the people who review the month."""

from django.urls import path

from thaam.web.review import helpline, home, meetings, pages, papers, press, typed

app_name = "review"
urlpatterns = [
    path("", home.home, name="home"),
    path("snapshots", home.snapshots, name="snapshots"),
    path("snapshots/take", home.take, name="take"),
    path("snapshots/<str:name>/complaints", home.behind, name="behind"),
    path("snapshots/<str:name>/<str:sheet>.<str:kind>", pages.data, name="data"),
    path("definitions", home.definitions, name="definitions"),
    path("districts", pages.districts, name="districts"),
    path("banks", pages.banks, name="banks"),
    path("banks/<str:code>", pages.bank, name="bank"),
    path("helpline", helpline.page, name="helpline"),
    path("helpline/roster", helpline.roster, name="roster"),
    path("helpline/watch", helpline.watch, name="watch"),
    path("modus", pages.modus, name="modus"),
    path("restoration", pages.restoration, name="restoration"),
    path("repeat", pages.repeat, name="repeat"),
    path("pending", pages.pending, name="pending"),
    path("typed", typed.page, name="typed"),
    path("pack/<str:name>", papers.pack, name="pack"),
    path("meetings", meetings.listing, name="meetings"),
    path("meetings/<uuid:meeting_id>", meetings.meeting, name="meeting"),
    path("meetings/<uuid:meeting_id>/minutes", papers.minutes, name="minutes"),
    path("attend/<str:code>", meetings.attend, name="attend"),
    path("decisions/<uuid:decision_id>/close", meetings.close_decision, name="close-decision"),
    path("suggestions/<uuid:suggestion_id>/answer", meetings.answer_suggestion, name="answer-suggestion"),
    path("press", press.listing, name="press"),
    path("press/<uuid:note_id>", press.note, name="press-note"),
    path("press/<uuid:note_id>/paper", papers.press_note, name="press-paper"),
    path("open-data/<str:name>", press.publish, name="publish"),
]
