"""Pages of the people who keep the directory: sheets in and out, who answers where, whose post ends."""

from django.urls import path

from thaam.web.directory import coverage, home, keyring, roster, rules, sheets

app_name = "directory"
urlpatterns = [
    path("", home.home, name="home"),
    path("bank/<str:code>", coverage.bank, name="bank"),
    path("bank/<str:code>/keys", keyring.keyring, name="keys"),
    path("coverage", coverage.coverage, name="coverage"),
    path("leave/<int:nodal_id>", coverage.leave, name="leave"),
    path("sheet/<str:kind>", sheets.sheet, name="sheet"),
    path("sheet/<str:kind>/export.<str:ending>", sheets.export, name="export"),
    path("import/<uuid:import_id>", sheets.one, name="import"),
    path("import/<uuid:import_id>/put-right.csv", sheets.put_right, name="put-right"),
    path("national-list", sheets.national, name="national"),
    path("rules", rules.rules, name="rules"),
    path("calendar", rules.calendar, name="calendar"),
    path("roster", roster.roster, name="roster"),
    path("roster.<str:ending>", roster.download, name="roster-file"),
]
