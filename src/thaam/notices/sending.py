"""Send one message to one person: a job of the work table, sent outside any transaction, at least once by a stable id.

Packages below schedule it without knowing this module:
    schedule(kind="send notice", key="code:<complaint>:<n>", run_at=at, channel="sms", to=mobile, text=sentence)
"""

from __future__ import annotations

import datetime
from typing import Any

from thaam.journal.ids import id_from
from thaam.notices.channels import http_gateway

SEND = "send notice"


def send_notice(payload: dict[str, Any], at: datetime.datetime) -> None:
    """Hand the message of this job to its channel. `payload` has channel, to, text and the job's own key.

    Raises NotSent; the job is then tried again later.
    """
    http_gateway.send(
        id=id_from("notice", payload["key"]), channel=payload["channel"], to=payload["to"], text=payload["text"]
    )
