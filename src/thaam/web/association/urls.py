"""Pages of trade bodies and consumer associations."""

from django.urls import path

from thaam.web.association import home

app_name = "association"
urlpatterns = [
    path("", home.home, name="home"),
    path("objections", home.objections, name="objections"),
    path("objections/<uuid:consent_id>/nudge", home.nudge, name="nudge"),
]
