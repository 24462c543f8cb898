"""What the loops call in this package."""

from thaam.notices.holders import HOLDER_KINDS, tell_holder_of
from thaam.notices.sending import EMAIL, SEND, SMS, send_email, send_notice, send_sms
from thaam.notices.telling import KINDS, tell

sends = {SMS: send_sms, EMAIL: send_email, SEND: send_notice}
reads = {"notices": (KINDS, tell), "notices to holders": (HOLDER_KINDS, tell_holder_of)}
