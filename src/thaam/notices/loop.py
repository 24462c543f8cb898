"""What the loops call in this package."""

from thaam.notices.sending import EMAIL, SMS, WHATSAPP, send_email, send_sms, send_whatsapp

sends = {SMS: send_sms, EMAIL: send_email, WHATSAPP: send_whatsapp}
