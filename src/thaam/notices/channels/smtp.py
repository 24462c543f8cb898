"""E-mail over SMTP. The subject is the first sentence; a repeat carries the same Message-ID.

Address: `smtp://user:password@host:port?from=desk@example.org`, `smtps://` for TLS from the first byte.
"""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import parse_qs, unquote, urlsplit

from thaam.notices.channels.not_sent import NotSent

TIMEOUT_SECONDS = 15


def send_over_smtp(*, address: str, id: str, channel: str, to: str, text: str, template_id: str = "") -> None:
    """Hand one e-mail to the mail server. Raises NotSent."""
    parts = urlsplit(address)
    sender = parse_qs(parts.query).get("from", ["thaam@localhost"])[0]
    message = EmailMessage()
    message["From"], message["To"] = sender, to
    message["Subject"] = text.split("।")[0].split(". ")[0].strip()[:150]
    message["Message-ID"] = f"<{id}@{sender.partition('@')[2] or 'localhost'}>"
    message.set_content(text)
    try:
        with _connected(parts.scheme, parts.hostname or "localhost", parts.port) as server:
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(message)
    except (smtplib.SMTPException, OSError) as why:
        raise NotSent(f"{type(why).__name__}: {why}") from why


def _connected(scheme: str, host: str, port: int | None) -> smtplib.SMTP:
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port or 465, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context())
    server = smtplib.SMTP(host, port or 25, timeout=TIMEOUT_SECONDS)
    server.ehlo()
    if server.has_extn("starttls"):
        server.starttls(context=ssl.create_default_context())
    return server
