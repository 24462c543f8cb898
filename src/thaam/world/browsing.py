"""A browser without a screen: cookies, forms with their hidden fields, redirects; what a person could do, no more."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import httpx

from thaam.wire.client import trusted


class PageFailed(Exception):
    """The page could not be used: a status of 400 or more, a form that is not there, a field it does not have."""


@dataclass(slots=True)
class Form:
    """A form as it came: `values` holds what would be sent if nothing were typed."""

    id: str
    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    """Radio buttons and options by field name."""
    names: list[str] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Page:
    url: str
    status: int
    text: str
    forms: list[Form]
    links: list[str]
    words: str

    def form_with(self, *fields: str) -> Form:
        """The first form that has all these fields. Raises PageFailed naming what there is."""
        for form in self.forms:
            if set(fields) <= set(form.names):
                return form
        there = "; ".join(", ".join(form.names) for form in self.forms)
        raise PageFailed(f"{self.url}: no form with {', '.join(fields)} (there are: {there})")

    def form(self, id: str) -> Form:
        """The form with this id. Raises PageFailed."""
        for form in self.forms:
            if form.id == id:
                return form
        raise PageFailed(f"{self.url}: no form {id} (there are: {', '.join(form.id or '-' for form in self.forms)})")


class Browser:
    """One person's browser; not shared between threads.

    A page that is away or fails (no connection, 5xx) is asked for again, exactly as it was, for `patience_seconds`:
    the platform promises that pressing a button twice does a thing once.
    """

    def __init__(self, base_url: str, *, timeout: float = 30.0, patience_seconds: float = 0.0) -> None:
        self.base_url = base_url.rstrip("/")
        self.patience_seconds = patience_seconds
        self.again = 0
        self._http = httpx.Client(follow_redirects=True, timeout=timeout, verify=trusted(), trust_env=False)

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def get(self, path: str) -> Page:
        """Open a page. Raises PageFailed for a status of 400 or more."""
        return self._ask("GET", self._url(path))

    def submit(self, page: Page, form: Form, *, button: tuple[str, str] | None = None, **typed: str) -> Page:
        """Send the form with what was typed over what it held; a field it does not have raises PageFailed."""
        if unknown := [name for name in typed if name not in form.names]:
            raise PageFailed(f"{page.url}: no field {', '.join(unknown)}; there are {', '.join(form.names)}")
        values = {**form.values, **typed, **dict([button] if button else [])}
        url = urljoin(page.url, form.action or page.url)
        if form.method == "get":
            return self._ask("GET", url, params=values)
        origin = httpx.URL(url)
        headers = {"Referer": page.url, "Origin": f"{origin.scheme}://{origin.netloc.decode()}"}
        return self._ask("POST", url, data=values, headers=headers)

    def _ask(self, method: str, url: str, **request: Any) -> Page:
        until = time.monotonic() + self.patience_seconds
        while True:
            try:
                response = self._http.request(method, url, **request)
            except httpx.TransportError:
                if time.monotonic() >= until:
                    raise
            else:
                if response.status_code < 500 or time.monotonic() >= until:
                    return self._page(response)
            self.again += 1
            time.sleep(0.5)

    def _url(self, path: str) -> str:
        return urljoin(self.base_url + "/", path)

    @staticmethod
    def _page(response: httpx.Response) -> Page:
        reader = _Reader()
        if "html" in response.headers.get("content-type", ""):
            reader.feed(response.text)
        if response.status_code >= 400:
            words = " ".join(reader.words) or response.text
            raise PageFailed(f"{response.request.method} {response.url}: {response.status_code} {words[:600]}")
        return Page(
            url=str(response.url),
            status=response.status_code,
            text=response.text,
            forms=reader.forms,
            links=reader.links,
            words=" ".join(reader.words),
        )


class _Reader(HTMLParser):
    """Collects forms, links and visible words."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self._form: Form | None = None
        self._select: str | None = None
        self._area: str | None = None
        self._mute = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in ("script", "style"):
            self._mute += 1
        elif tag == "a" and "href" in values:
            self.links.append(values["href"])
        elif tag == "form":
            self._form = Form(values.get("id", ""), values.get("action", ""), values.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None and tag in ("input", "select", "textarea", "button", "option"):
            self._control(self._form, tag, values)

    def _control(self, form: Form, tag: str, values: dict[str, str]) -> None:
        name, value, kind = values.get("name", ""), values.get("value", ""), values.get("type", "text").lower()
        if tag == "option":
            if self._select:
                form.choices.setdefault(self._select, []).append(value)
                if "selected" in values or self._select not in form.values:
                    form.values[self._select] = value
        elif tag == "button" or kind in ("submit", "button", "image"):
            if name:
                form.buttons.append((name, value))
                form.names.append(name)
        elif name:
            form.names.append(name)
            if tag == "select":
                self._select = name
            elif tag == "textarea":
                self._area = name
                form.values[name] = ""
            elif kind in ("radio", "checkbox"):
                form.choices.setdefault(name, []).append(value or "on")
                if "checked" in values:
                    form.values[name] = value or "on"
            elif kind != "file":
                form.values[name] = value

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._mute -= 1
        elif tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None and self._form is not None:
            self._form.values[self._area] += data
        elif not self._mute and data.strip():
            self.words.append(" ".join(data.split()))
