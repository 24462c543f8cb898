"""A bank's message pasted into the console fills the form; what is no loss says why."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from browsing_pages import banks
from cast import running_as
from thaam.language.dates import in_ist
from thaam.parties.models import Office, Officer
from thaam.web.shared.banks import code_for, names_for_typing

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    banks()
    with running_as("thaam_loops"):
        office, _ = Office.objects.get_or_create(
            code="HELPLINE", defaults={"name_hi": "हेल्पलाइन", "name_en": "Helpline"}
        )
        aarti = Officer.objects.create(username="aarti", role="operator", office=office)
    client = Client()
    client.force_login(aarti)
    return client


def pasted(desk, message):
    return desk.post("/hi/desk/read-sms", {"message": message}).json()


def test_a_debits_fields_come_back_for_the_form(desk):
    yesterday = in_ist(datetime.now(tz=UTC)) - timedelta(days=1)
    said = pasted(
        desk,
        f"Rs 49,999.00 debited from your A/c XX1234 using UPI on {yesterday:%d-%m-%Y} 13:58:07 "
        "to VPA ramesh77@ybl - (UPI Ref No 530693093182) -Federal Bank",
    )
    assert said["values"] == {
        "amount": "49,999", "bank": "Federal Bank", "reference": "530693093182", "last4": "1234", "to": "ramesh77@ybl",
        "choice": "yesterday", "clock": "13:58",
    }  # fmt: skip
    assert (said["found"], said["of"], said["why_not"]) == (6, 6, "")


def test_a_credit_and_an_otp_say_why_they_are_no_loss(desk):
    assert (
        "पैसा आने का"
        in pasted(desk, "A/c XX1234 credited with Rs 500.00 on 01-06-26 UPI Ref 530693093182 -SBI")["why_not"]
    )
    assert "OTP" in pasted(desk, "123456 is the OTP for txn of Rs 500 at SHOP. Do not share")["why_not"]
    assert pasted(desk, "\x00" * 50 + "<script>")["values"] == {}


def test_every_bank_offered_while_typing_is_one_the_console_knows(desk):
    unknown = [name for name in names_for_typing("en") if code_for(name) == "UNKNOWN"]
    assert unknown == []
