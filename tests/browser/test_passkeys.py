"""A passkey in place of the app's code, with the browser's own virtual authenticator."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from browsing_pages import staff
from cast import running_as
from thaam.journal.models import Fact
from thaam.parties import second_factor, totp
from thaam.parties.models import Officer, Passkey

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def enter_password(page: Page, name: str) -> None:
    page.goto("/hi/desk/sign-in")
    page.locator("#username").fill(name)
    page.locator("#password").fill("rain-2026")
    page.keyboard.press("Enter")


def test_a_passkey_is_made_on_a_device_and_lets_in_only_where_it_was_made(desk: Page, settings):
    staff("operator", "aarti")
    devtools = desk.context.new_cdp_session(desk)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    device = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    enter_password(desk, "aarti")
    desk.wait_for_url(re.compile("/desk/$"))
    desk.goto("/hi/desk/me/passkeys")
    desk.locator("#name").fill("मेरा फ़ोन")
    desk.get_by_role("button", name="इस यंत्र पर पासकी बनाएँ").click()
    expect(desk.get_by_role("button", name="हटाएँ")).to_be_visible()
    with running_as("thaam_loops"):
        assert Passkey.objects.get().officer.username == "aarti"
        assert Fact.objects.filter(kind="second factor:set").count() == 1
        aarti = Officer.objects.get(username="aarti")
        secret = second_factor.new_secret()

        at = datetime.now(tz=UTC)
        second_factor.set_up(
            officer=aarti, secret=secret, code=totp.code_at(secret, totp.step_of(at)), by="officer:1", at=at
        )
    settings.SECOND_FACTOR = True
    desk.context.clear_cookies()
    enter_password(desk, "aarti")
    desk.wait_for_url(re.compile("/sign-in/code$"))
    desk.get_by_role("button", name="पासकी से आगे बढ़ें").click()
    desk.wait_for_url(re.compile("/desk/$"))
    with running_as("thaam_loops"):
        assert Passkey.objects.get().used_at
    desk.context.clear_cookies()
    devtools.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": device})
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    enter_password(desk, "aarti")
    desk.wait_for_url(re.compile("/sign-in/code$"))
    desk.get_by_role("button", name="पासकी से आगे बढ़ें").click()
    expect(desk.locator("[data-said]")).not_to_be_empty(timeout=180_000)
    assert "/sign-in/code" in desk.url
