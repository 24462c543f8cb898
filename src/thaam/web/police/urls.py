"""The help desk at a station, a branch or a camp: a person sits in front of the screen."""

from django.urls import path

from thaam.web.police import camp, walkin

app_name = "police"
urlpatterns = [
    path("", walkin.today, name="today"),
    path("walk-in", walkin.walk_in, name="walk-in"),
    path("camp", camp.camp, name="camp"),
    path("camp/offline", camp.offline, name="offline"),
    path("camp/sync", camp.sync, name="sync"),
    path("complaint/<uuid:complaint_id>", walkin.finish, name="finish"),
]
