"""What is published: press notes, open data, tricks to beware of, the appeal and the advice."""

from django.urls import path

from thaam.web.public import pages

app_name = "public"
urlpatterns = [
    path("press", pages.press_notes, name="press"),
    path("press/<uuid:note_id>", pages.press_note, name="press-note"),
    path("open-data", pages.open_data, name="open-data"),
    path("open-data/<str:name>.<str:kind>", pages.open_file, name="open-file"),
    path("alerts", pages.alerts, name="alerts"),
    path("appeal", pages.appeal, name="appeal"),
]
