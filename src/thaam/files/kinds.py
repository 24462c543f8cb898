"""What a file is, told from its first bytes. A name or a declared type is never believed."""

from __future__ import annotations

from thaam.language.text import Text


class NotAllowed(Exception):
    """The file is of no kind we take; `text` says what to do."""

    text = Text(
        hi="यह फ़ाइल नहीं ली जा सकती। फ़ोटो (JPG, PNG, HEIC), PDF, Excel, CSV, टेक्स्ट या MP4 वीडियो भेजिए।",
        en="This file cannot be taken. Send a photo (JPG, PNG, HEIC), PDF, Excel, CSV, text or MP4 video.",
    )


class TooBig(Exception):
    """The file is larger than its kind may be."""

    text = Text(
        hi="फ़ाइल {size} MB की है, {most} MB तक की भेज सकते हैं। फ़ोटो को छोटा करके दोबारा भेजिए; शिकायत सुरक्षित है।",
        en="The file has {size} MB, {most} MB is the most. Send a smaller one; your complaint is safe.",
    )

    def __init__(self, size: int, most: int) -> None:
        super().__init__(size)
        self.size_mb, self.most_mb = -(-size // 1_000_000), most // 1_000_000


class EmptyFile(Exception):
    """Nothing arrived."""

    text = Text(hi="फ़ाइल खाली है। दोबारा चुनिए।", en="The file is empty. Choose it again.")


# kind: the most bytes we keep of it
SIZE_MAX = {
    "jpg": 12_000_000,
    "png": 12_000_000,
    "heic": 12_000_000,
    "pdf": 25_000_000,
    "xlsx": 25_000_000,
    "csv": 25_000_000,
    "txt": 25_000_000,
    "mp4": 500_000_000,
}


def kind_of(content: bytes, *, name: str) -> str:
    """The kind by content ("jpg", "pdf", ...); only between csv and txt does the name decide.

    Raises EmptyFile, NotAllowed, TooBig.
    """
    if not content:
        raise EmptyFile(name)
    kind = _by_magic(content) or _by_text(content, name)
    if kind is None:
        raise NotAllowed(name)
    if len(content) > SIZE_MAX[kind]:
        raise TooBig(len(content), SIZE_MAX[kind])
    return kind


def _by_magic(content: bytes) -> str | None:
    if content.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content[4:8] == b"ftyp":
        return "heic" if content[8:12] in (b"heic", b"heix", b"mif1", b"heif", b"msf1") else "mp4"
    # A workbook is a zip that names its content types first; any other zip is not taken.
    if content.startswith(b"PK\x03\x04") and b"xl/" in content and b"[Content_Types].xml" in content:
        return "xlsx"
    return None


def _by_text(content: bytes, name: str) -> str | None:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if any(sign < " " and sign not in "\t\r\n\f" for sign in text):
        return None
    if text.lstrip()[:1] == "<":  # no markup: a browser might run it
        return None
    return "csv" if name.lower().endswith(".csv") else "txt"
