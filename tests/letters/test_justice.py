"""The papers of justice say what the rows say, in both languages, by the law of the place and the day."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import subprocess
import unicodedata

import pypdf
import pytest

from banking import LAKH, Rs, debit, files, hold_answer, order, says
from cast import NOON
from officers import approver, investigator, officer
from thaam.grievances.climbing import appeal, forward
from thaam.grievances.deciding import decide
from thaam.grievances.lodging import lodge
from thaam.holds.models import Hold, Release
from thaam.journal.ids import new_id
from thaam.journal.kinds import Kind
from thaam.journal.models import Fact
from thaam.letters.bundles import court_bundle
from thaam.letters.clauses import clauses_of
from thaam.letters.justice import bond_of, magistrate_report, reasoned_order, release_order, restoration_order
from thaam.letters.models import Letter
from thaam.letters.owing import OWED, write_paper_owed
from thaam.letters.typesetting import digest_of, typeset
from thaam.restoration.applying import apply, verify
from thaam.restoration.approving import approve
from thaam.restoration.intimating import ask_for_paper, see_asked
from thaam.restoration.models import Application, Intimation, Restoration
from thaam.restoration.proposing import propose

pytestmark = pytest.mark.django_db
REASONS = "बिल संख्या 214 और डिलीवरी की रसीद उसी दिन की हैं।\nखाताधारक को ठगी का पता होने का कोई तथ्य नहीं है।"


def text_of(paper: bytes) -> str:
    """All words of a PDF, as a person copying them gets them (pypdf knows no Devanagari), spaces evened out."""
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed: apt-get install poppler-utils")
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=paper, capture_output=True, check=True)
    return unicodedata.normalize("NFC", " ".join(done.stdout.decode().split()))


def paper_of(template: str, data: dict, lang: str) -> bytes:
    filled = data | {
        "lang": lang,
        "number": "U 2611 000001 2",
        "date": "25.11.2026, 12:00",
        "issued": [2026, 11, 25],
        "verify_url": "https://thaam.example/verify/U26110000012",
    }
    return typeset(template, data=filled, digest=digest_of(filled))


def all_words(data: dict) -> list[str]:
    """Every sentence a letter's data holds, but what the template does not print."""
    found: list[str] = []

    def walk(value: object) -> None:
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, dict):
            for key, each in value.items():
                if key not in ("signatory", "contact"):
                    walk(each)
        elif isinstance(value, list):
            for each in value:
                walk(each)

    walk(data)
    return [each for each in found if each.strip()]


@pytest.fixture
def story():
    """A hold, an objection decided, an application, a restoration of another hold, and the magistrate's report."""
    asha = files(debit(Rs(40_000)), name="Asha Devi")
    says("DEMO2", hold_answer(order("DEMO2"), account="ACC-BALU"))
    ravi = files(debit(LAKH, reference="UTR2"), name="Ravi", mobile="9876500001", at=NOON + dt.timedelta(seconds=1))
    says("DEMO2", hold_answer(order("DEMO2"), account="ACC-CHARU"))
    Hold.objects.update(expires_at=NOON + dt.timedelta(days=90), provisional=False)
    for fact in Fact.objects.filter(kind=Kind.HOLD_ASKED):
        see_asked(fact, NOON)
    charus = Hold.objects.get(book__account="ACC-CHARU")
    objection = lodge(
        objection_id=new_id(), hold_id=charus.pk, reason="goods", words="फ़ोन बेचा था", name="Charu", mobile="9123456780",
        lang="hi", at=NOON,
    ).objection  # fmt: skip
    forward(
        objection_id=objection.pk, bank="DEMO2", words="खाता 12 साल पुराना", by="bank:DEMO2", at=NOON, advice="remove"
    )
    decide(objection_id=objection.pk, officer=investigator(), outcome="upheld", reasons=REASONS, at=NOON)
    application = apply(
        application_id=new_id(), complaint_id=asha.pk, to_bank="DEMO1", to_account="00123456", holder_name="Asha Devi",
        undertaking=True, proved=True, fir_number="", at=NOON,
    )  # fmt: skip
    verify(application_id=application.pk, officer=investigator(), at=NOON)
    restoration = propose(
        restoration_id=new_id(), claim_id=asha.debits.get().pk, hold_id=Hold.objects.get(book__account="ACC-BALU").pk,
        to_bank="DEMO1", to_account="00123456", officer=investigator(), words="papers checked", at=NOON,
    )  # fmt: skip
    approve(restoration_id=restoration.pk, officer=approver(), at=NOON)
    objection.refresh_from_db()
    return {"asha": asha, "ravi": ravi, "objection": objection}


def data_of(kind: str, story: dict, lang: str) -> dict:
    made = {
        "release": lambda: release_order(Release.objects.get(), lang=lang),
        "restoration": lambda: restoration_order(Restoration.objects.get(), lang=lang),
        "bond": lambda: bond_of(Application.objects.get(), lang=lang, at=NOON),
        "reasoned": lambda: reasoned_order(story["objection"], lang=lang),
        "magistrate": lambda: magistrate_report(Intimation.objects.get(complaint=story["asha"]), lang=lang, at=NOON),
        "bundle": lambda: court_bundle(story["objection"], lang=lang, at=NOON),
    }
    return made[kind]()


KINDS = ("release", "restoration", "bond", "reasoned", "magistrate", "bundle")


@pytest.mark.req("S0.9", "S0.10", "S1.7", "S1.17")
@pytest.mark.parametrize("lang", ["hi", "en"])
def test_every_word_of_the_data_is_on_the_paper_and_copies_out_of_it(story, lang, request):
    for kind in KINDS:
        data = data_of(kind, story, lang)
        paper = paper_of(kind, data, lang)
        copied = text_of(paper).replace(" ", "")
        missing = [
            each for each in all_words(data) if "".join(unicodedata.normalize("NFC", each).split()) not in copied
        ]
        assert missing == [], kind
        assert b"pdfaid" in paper or pypdf.PdfReader(io.BytesIO(paper)).xmp_metadata is not None


def test_a_bank_and_a_magistrate_read_no_victims_name_and_a_bond_its_rule(story):
    for kind in ("release", "restoration", "magistrate", "reasoned", "bundle"):
        words = str(data_of(kind, story, "hi"))
        for secret in ("Asha", "Ravi", "9876543210", "9876500001"):
            assert secret not in words, kind
    assert "₹50,000" in str(data_of("bond", story, "hi")) and "Asha Devi" in str(data_of("bond", story, "hi"))


def test_the_restoration_names_both_officers_and_the_reasoned_order_the_reasons(story):
    both = [each["name"] for each in data_of("restoration", story, "en")["signatories"]]
    assert both == ["inspector", "approver"]
    assert REASONS.splitlines() == data_of("reasoned", story, "hi")["reasons"][:2]


def test_the_law_on_a_paper_is_that_of_its_place_and_day():
    june, july = dt.date(2024, 6, 30), dt.date(2024, 7, 1)
    old = clauses_of("magistrate", jurisdiction="IN-CG", on=june, lang="en")
    new = clauses_of("magistrate", jurisdiction="IN-CG", on=july, lang="en")
    assert ["1973" in each for each in old] == [True] and ["2023" in each for each in new] == [True]
    kerala = clauses_of("reasoned", jurisdiction="IN-KL", on=NOON, lang="en")
    assert any("8 weeks" in each for each in kerala)
    assert not any("8 weeks" in each for each in clauses_of("reasoned", jurisdiction="IN-CG", on=NOON, lang="en"))


def test_papers_are_owed_by_facts_and_written_once(story):
    ask_for_paper(intimation_id=Intimation.objects.get(complaint=story["asha"]).pk, officer=investigator(), at=NOON)
    for _ in range(2):
        for fact in Fact.objects.filter(kind__in=[str(kind) for kind in OWED]).order_by("id"):
            write_paper_owed(fact, NOON)
    written = sorted(Letter.objects.exclude(template__in=["receipt", "order"]).values_list("template", flat=True))
    assert written == ["bond", "magistrate", "reasoned", "release", "restoration"]


def test_an_appeal_gets_a_reasoned_order_of_its_own(story):
    later = NOON + dt.timedelta(seconds=9)
    asha = files(debit(LAKH, reference="UTR3"), name="Third", mobile="9876500002", at=later)
    says("DEMO2", hold_answer(order("DEMO2"), account="ACC-D"))
    hold = Hold.objects.get(book__account="ACC-D")
    Hold.objects.filter(pk=hold.pk).update(expires_at=NOON + dt.timedelta(days=90))
    made = lodge(
        objection_id=new_id(),
        hold_id=hold.pk,
        reason="goods",
        words="",
        name="D",
        mobile="9123456781",
        lang="en",
        at=NOON,
    ).objection
    forward(objection_id=made.pk, bank="DEMO2", words="x", by="bank:DEMO2", at=NOON)
    words = "The bill is of another day and another sum than the credit."
    decide(objection_id=made.pk, officer=investigator(), outcome="rejected", reasons=words, at=NOON)
    facts = Fact.objects.filter(kind="objection:decided", about=f"objection:{made.pk}")
    write_paper_owed(facts.get(), NOON)
    appeal(objection_id=made.pk, words="see page 2", at=NOON)
    decide(objection_id=made.pk, officer=officer("sp", "supervisor"), outcome="rejected", reasons=words, at=NOON)
    write_paper_owed(facts.latest("at", "id"), NOON)
    assert Letter.objects.filter(template="reasoned", about__startswith=f"objection:{made.pk}/").count() == 2
    assert asha.pk


@pytest.mark.req("S0.9", "S1.17")
def test_the_order_that_ends_an_objection_and_the_one_that_returns_the_money_name_each_other(story):
    """Charu objects to Balu's hold too late: the money is promised; whoever reads one paper learns of the other."""
    restoration = Restoration.objects.get()
    objection = lodge(
        objection_id=new_id(), hold_id=restoration.hold_id, reason="goods", words="", name="Balu", mobile="9123456781",
        lang="hi", at=NOON,
    ).objection  # fmt: skip
    forward(objection_id=objection.pk, bank="DEMO2", words="seen", by="bank:DEMO2", at=NOON)
    decide(objection_id=objection.pk, officer=investigator(), outcome="rejected", reasons=REASONS, at=NOON)
    objection.refresh_from_db()
    assert objection.number in str(restoration_order(restoration, lang="hi"))
    told = str(reasoned_order(objection, lang="hi"))
    assert "₹40,000" in told and "मंज़ूर" in told and "Asha" not in told
