"""Adapter to the toy core banks, which speak the HTTP door of adapters/http.py; each bank has a path of its own."""

from __future__ import annotations

from urllib.parse import urlsplit

from thaam.node.adapters.http import HttpCore


class ToyBankCore(HttpCore):
    """One toy bank. Not for several threads."""

    def __init__(self, *, bank: str, url: str) -> None:
        if urlsplit(url).scheme != "http":
            raise ValueError(f"a toy bank's url is http://host:port, not {url!r}")
        super().__init__(bank=bank, url=f"{url.rstrip('/')}/banks/{bank}")
