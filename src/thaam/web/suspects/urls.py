"""Pages of the registry, for officers."""

from django.urls import path

from thaam.web.suspects import desk, identifier, reports, rings, tricks

app_name = "suspects"
urlpatterns = [
    path("", desk.home, name="home"),
    path("i/<uuid:identifier_id>", identifier.identifier, name="identifier"),
    path("reports", reports.reports, name="reports"),
    path("hearings/<uuid:hearing_id>", reports.hearing, name="hearing"),
    path("warnings", tricks.warnings, name="warnings"),
    path("network", rings.network, name="network"),
    path("network/<str:code>", rings.ring, name="ring"),
    path("network/<str:code>/<str:form>", rings.export, name="export"),
    path("arrests", rings.arrests, name="arrests"),
    path("tricks", tricks.trends_page, name="tricks"),
    path("tricks/complaint/<uuid:complaint_id>", tricks.choose, name="choose"),
]
