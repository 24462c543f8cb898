"""What the loops call in this package."""

from thaam.notices.sending import SEND, SMS, send_notice, send_sms
from thaam.notices.telling import KINDS, tell

sends = {SMS: send_sms, SEND: send_notice}
reads = {"notices": (KINDS, tell)}
