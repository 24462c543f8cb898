"""Every page: says who may enter, is light, is in both languages, and answers bad addresses kindly."""

import re
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

import thaam.web.shared as shared

CITIZEN_PAGES = [
    "",
    "report/sms",
    "report/details",
    "status",
    "callback",
    "held",
    "suspicious",
    "check",
    "check/mine",
    "help/now",
    "help/reference-number",
    "verify-officer",
    "contact-officers",
    "accessibility",
    "offline",
]


def _routes(patterns, prefix=""):
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from _routes(each.url_patterns, prefix + str(each.pattern))
        elif isinstance(each, URLPattern):
            yield prefix + str(each.pattern), each.callback


def test_every_page_names_who_may_enter():
    pages = [(route, view) for route, view in _routes(get_resolver().url_patterns) if "thaam.web." in view.__module__]
    assert pages
    assert [route for route, view in pages if not getattr(view, "audience", "")] == []


@pytest.mark.django_db
@pytest.mark.req("S2.8")
@pytest.mark.parametrize("lang", ["hi", "en"])
@pytest.mark.parametrize("page", CITIZEN_PAGES)
def test_a_citizen_page_is_light_whole_and_in_its_language(client, lang, page):
    answer = client.get(f"/{lang}/{page}")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert len(answer.content) <= 14_000
    assert f'<html lang="{lang}"' in html
    assert 'class="skip"' in html
    assert "1930" in html
    assert ("en" if lang == "hi" else "hi") in re.findall(r'hreflang="(\w+)"', html)
    assert html.count("<h1") == 1
    assert "{{" not in html
    assert "{%" not in html
    assert "<script>" not in html
    assert "Content-Security-Policy" in answer.headers
    if lang == "en":
        visible = re.sub(r'<[^>]*lang="hi"[^>]*>.*?</\w+>|<[^>]+>', "", html)
        assert not re.search(r"[\u0900-\u097f]", visible), "a sentence without English"


@pytest.mark.django_db
@pytest.mark.parametrize("lang", ["hi", "en"])
def test_an_unknown_address_is_answered_in_the_persons_language(client, lang):
    answer = client.get(f"/{lang}/no-such-page")
    assert answer.status_code == 404
    assert ("नहीं मिला" if lang == "hi" else "not found") in answer.content.decode()


@pytest.mark.django_db
def test_the_first_address_is_hindi_whatever_the_browser_prefers(client):
    assert client.get("/", headers={"accept-language": "en"}).url == "/hi/"


def test_style_sheets_and_scripts_keep_their_budget():
    folder = Path(shared.__file__).parent / "static" / "thaam"
    assert (folder / "citizen.css").stat().st_size <= 10_240
    assert (folder / "shared.css").stat().st_size + (folder / "citizen.css").stat().st_size <= 18 * 1024
    assert (folder / "citizen.js").stat().st_size <= 12 * 1024
    assert (folder / "worker.js").stat().st_size <= 6 * 1024
    for sheet in folder.glob("staff.css"):
        assert sheet.stat().st_size <= 30 * 1024
