"""What the loops call in this package."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings

from thaam.files.keeping import SCAN, scan_file


def _scan(payload: dict[str, Any], at: datetime.datetime) -> None:
    scan_file(file_id=payload["file_id"], folder=settings.FILES, clamd=settings.CLAMD, at=at)


sends = {SCAN: _scan}
