"""Walking the pages in tests: forms are filled as a browser would, codes are read from the outgoing work."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from cast import bank, running_as
from thaam.parties.models import Handle, Office, Officer
from thaam.work.models import Job

SMS = (
    "Dear UPI user A/C X1234 debited by 49999.0 on date 25Nov26 trf to NAMUNA TRADERS "
    "Refno 530693093182 If not u? call 1800111109. -SBI"
)


def banks() -> None:
    """Two banks of the demo, and the handle of the second."""
    with running_as("thaam_loops"):
        bank("DEMO1")
        Handle.objects.get_or_create(handle="demo2", bank=bank("DEMO2"))


def fields_of(html: str) -> dict[str, str]:
    """Hidden values of the step's form, as a browser would send them along."""
    return {
        name: value
        for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html)
        if name != "csrfmiddlewaretoken"
    }


def details(client: Client, lang: str = "hi", **changes: Any) -> Any:
    """Post the page of details: Asha's bank, 49,999, within the hour, a good reference."""
    answers = {
        "bank": "DEMO1",
        "amount": "49999",
        "choice": "hour",
        "reference": "530693093182",
        "last4": "1234",
        **changes,
    }
    return client.post(f"/{lang}/report/details", answers)


def to_check(client: Client, lang: str = "hi", **changes: Any) -> None:
    """From the details to the check page."""
    assert details(client, lang, **changes).status_code == 302
    assert client.post(f"/{lang}/report/confirm").status_code == 302
    assert client.post(f"/{lang}/report/receiver", {"vpa": "ramesh77@demo2"}).status_code == 302
    assert client.post(f"/{lang}/report/more", {"more": "no"}).status_code == 302
    answer = client.post(f"/{lang}/report/contact", {"mobile": "98260 41234", "name": "आशा"})
    assert answer.status_code == 302


def send(client: Client, lang: str = "hi", **changes: Any) -> Any:
    """Press send on the check page with everything its form carries."""
    page = client.get(f"/{lang}/report/check")
    return client.post(f"/{lang}/report/check", {**fields_of(page.content.decode()), **changes})


def code_for(mobile: str = "9826041234") -> str:
    """The newest code on its way to a mobile."""
    with running_as("thaam_loops"):
        job = Job.objects.filter(payload__to=mobile, key__startswith="code:").latest(
            "pk"
        )  # one test is one transaction: now() stands still
        found = re.search(r"\b(\d{6})\b", job.payload["text"])
    assert found
    return found[1]


# ── in a real browser ──


def press(page: Any, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).click()


def staff(role: str, name: str, *, bank_code: str = "") -> None:
    with running_as("thaam_loops"):
        office, _ = Office.objects.get_or_create(
            code="HELPLINE", defaults={"name_hi": "हेल्पलाइन", "name_en": "Helpline"}
        )
        place = {"bank": bank(bank_code)} if bank_code else {"office": office}
        who = Officer(username=name, role=role, **place)
        who.set_password("rain-2026")
        who.save()


def sign_in(page: Any, name: str, lang: str = "hi") -> None:
    page.goto(f"/{lang}/desk/sign-in")
    page.locator("#username").fill(name)
    page.locator("#password").fill("rain-2026")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/(desk|bank)/$"))


def to_check_page(page: Any) -> None:
    """From the first page to the check page, in Hindi, with a pasted message."""
    page.goto("/hi/")
    page.get_by_role("link", name=re.compile("मेरा पैसा चला गया")).click()
    page.locator("#sms").fill(SMS)
    press(page, "आगे बढ़ें")
    assert "उनचास हज़ार नौ सौ निन्यानवे रुपये" in page.locator("dl.facts").inner_text()
    page.locator("input[value=hour]").check(force=True)
    press(page, "हाँ, आगे बढ़ें")
    page.locator("#vpa").fill("ramesh77@demo2")
    press(page, "आगे बढ़ें")
    page.locator("#more-no").check(force=True)
    press(page, "आगे बढ़ें")
    page.locator("#mobile").fill("98260 41234")
    press(page, "आगे बढ़ें")
