"""Pages of trade bodies and consumer associations."""

from django.urls import path

from thaam.web.association import home

app_name = "association"
urlpatterns = [path("", home.home, name="home")]
