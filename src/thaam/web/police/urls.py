"""The help desk at a station, a branch or a camp: a person sits in front of the screen."""

from django.urls import path

from thaam.web.police import walkin

app_name = "police"
urlpatterns = [
    path("", walkin.today, name="today"),
    path("walk-in", walkin.walk_in, name="walk-in"),
    path("complaint/<uuid:complaint_id>", walkin.finish, name="finish"),
]
