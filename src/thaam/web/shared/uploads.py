"""A file out of a form: its name and bytes, or a sentence that says what to do. A huge one is refused unread."""

from __future__ import annotations

from django.http import HttpRequest

from thaam.language.text import Text
from thaam.web.shared.fields import Wrong

LARGEST_BYTES = 25_000_000
"""The most a page takes of any kind; what a kind may have is files/kinds.py."""
NO_FILE = Text("पहले फ़ाइल चुनें, फिर भेजें।", "Choose a file first, then send.")


def uploaded(request: HttpRequest, name: str) -> tuple[str, bytes]:
    """Name and content of the uploaded file. Raises Wrong when there is none or it is larger than a page takes."""
    given = request.FILES.get(name)
    if given is None or not given.size:
        raise Wrong(NO_FILE)
    if given.size > LARGEST_BYTES:
        size, most = -(-given.size // 1_000_000), LARGEST_BYTES // 1_000_000
        raise Wrong(
            Text(
                f"फ़ाइल {size} MB की है, {most} MB तक की भेज सकते हैं। फ़ोटो को छोटा करके दोबारा भेजिए; शिकायत सुरक्षित है।",
                f"The file has {size} MB; {most} MB is the most. Send a smaller one. Your complaint is safe.",
            )
        )
    return given.name or "file", given.read()
