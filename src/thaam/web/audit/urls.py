"""Pages of the auditor: read, compare, change nothing."""

from django.urls import path

from thaam.web.audit import home, papers

app_name = "audit"
urlpatterns = [
    path("", home.home, name="home"),
    path("access", home.access, name="access"),
    path("papers", papers.papers, name="papers"),
]
