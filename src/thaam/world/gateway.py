"""Reads the SMS that the local gateway keeps: what a victim would see on their phone; brings a bank's SMS there."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx

_CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")


class Gateway:
    """The local gateway at `url` (thaam.notices.gateway). Safe for threads."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=10.0, trust_env=False)

    def messages(self, to: str, *, after: int = 0) -> list[dict[str, str]]:
        """Messages to this number, oldest first; none while the gateway is away."""
        try:
            answer = self._http.get("/messages", params={"to": to, "after": after})
        except httpx.TransportError:
            return []
        return list(answer.json()["messages"]) if answer.status_code == 200 else []

    def bring(self, *, id: str, to: str, text: str) -> None:
        """A toy bank's own SMS to its customer. Raises httpx.HTTPError."""
        self._http.post("/send", json={"id": id, "channel": "bank", "to": to, "text": text}).raise_for_status()

    def reader(self, mobile: str) -> Callable[[str], str | None]:
        """Finds the newest code that comes to this mobile from now on; older messages do not count."""
        before = max((int(each["number"]) for each in self.messages(mobile)), default=0)

        def read(to: str) -> str | None:
            for each in reversed(self.messages(to, after=before)):
                if found := _CODE.search(each["text"]):
                    return found.group()
            return None

        return read
