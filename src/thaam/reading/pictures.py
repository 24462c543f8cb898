"""The words in a screenshot of a bank's message, by tesseract where the machine has it (Debian: tesseract-ocr,
tesseract-ocr-hin); without it a picture is only looked at for a QR and kept as evidence.

The picture is decoded and drawn anew before tesseract sees it, on a small size, within a time limit.
"""

from __future__ import annotations

import io
import shutil
import subprocess
from functools import cache

from thaam.reading.upi_links import PIXELS_MAX

SIDE_MAX = 2400
SECONDS_MAX = 15
WORDS_MAX = 2_000
_SMALL_SIDE = 1000
_WANTED = ("eng", "hin")


class CannotReadWords(Exception):
    """No reader on this machine, no picture in the bytes, or no words in the picture."""


def can_read_words() -> bool:
    """Whether this machine has tesseract and Pillow."""
    return bool(_languages())


def words_in_image(image: bytes) -> str:
    """The text in a PNG, JPEG or WebP image, its lines joined by newlines. Raises CannotReadWords."""
    languages = _languages()
    if not languages:
        raise CannotReadWords("no tesseract on this machine")
    try:
        done = subprocess.run(
            ["tesseract", "stdin", "stdout", "-l", "+".join(languages), "--psm", "6"],
            input=_plain(image),
            capture_output=True,
            timeout=SECONDS_MAX,
            env={"PATH": "/usr/local/bin:/usr/bin:/bin", "OMP_THREAD_LIMIT": "1"},
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as problem:
        raise CannotReadWords("tesseract did not read it") from problem
    lines = (" ".join(line.split()) for line in done.stdout.decode("utf-8", "replace").splitlines())
    words = "\n".join(line for line in lines if line)
    if not words:
        raise CannotReadWords("no words in the picture")
    return words[:WORDS_MAX]


@cache
def _languages() -> tuple[str, ...]:
    """Of English and Hindi those that are installed; none without tesseract."""
    if shutil.which("tesseract") is None:
        return ()
    listed = subprocess.run(["tesseract", "--list-langs"], capture_output=True, timeout=SECONDS_MAX, check=False)
    there = listed.stdout.decode("ascii", "replace").split()
    return tuple(each for each in _WANTED if each in there)


def _plain(image: bytes) -> bytes:
    """The picture as a grey PNG, dark letters on light, neither tiny nor huge. Raises CannotReadWords."""
    try:
        from PIL import Image, ImageOps, ImageStat, UnidentifiedImageError
    except ImportError as missing:
        raise CannotReadWords(str(missing)) from missing
    try:
        opened = Image.open(io.BytesIO(image))
        if opened.width * opened.height > PIXELS_MAX:
            raise CannotReadWords("the image is too large")
        grey = ImageOps.exif_transpose(opened).convert("L")
        if ImageStat.Stat(grey).median[0] < 110:
            grey = ImageOps.invert(grey)  # a phone in dark mode
        scale = 2 if max(grey.size) < _SMALL_SIDE else min(1, SIDE_MAX / max(grey.size))
        if scale != 1:
            grey = grey.resize((max(1, round(grey.width * scale)), max(1, round(grey.height * scale))))
        out = io.BytesIO()
        ImageOps.autocontrast(grey).save(out, "PNG")
        return out.getvalue()
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as problem:
        raise CannotReadWords("the file is not an image we can read") from problem
