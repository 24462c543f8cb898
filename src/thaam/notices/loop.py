"""What the loops call in this package."""

from thaam.notices.sending import SEND, send_notice

sends = {SEND: send_notice}
