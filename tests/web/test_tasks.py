"""What a reporter adds after sending: evidence, people, identity, station; or takes the complaint back."""

import io
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from browsing_pages import banks, code_for, send, to_check
from cast import running_as
from officers import devi
from thaam.complaints.confirming import TAKE_BACK, attest, confirm
from thaam.complaints.models import Complaint
from thaam.journal.models import Fact
from thaam.letters.loop import write_owed
from thaam.letters.models import Letter
from thaam.letters.writing import find_letter
from thaam.reading.pictures import can_read_words
from thaam.rulebook.rules import rule
from thaam.suspects.models import Sighting

pytestmark = pytest.mark.django_db
JPG = b"\xff\xd8\xff\xe0" + b"photo" * 20
HEIC = b"\x00\x00\x00\x18ftypheic" + b"photo" * 20


@pytest.fixture
def complaint(client, settings, tmp_path):
    settings.FILES = tmp_path
    banks()
    to_check(client)
    assert send(client).status_code == 302
    with running_as("thaam_loops"):
        return Complaint.objects.get()


def page(complaint, name, lang="hi"):
    return f"/{lang}/s/{complaint.link}/{name}".rstrip("/")


def rows(complaint):
    with running_as("thaam_loops"):
        fresh = Complaint.objects.get(pk=complaint.pk)
        return list(fresh.papers.select_related("file")), list(fresh.people.all()), fresh


@pytest.mark.req("S3.6", "S4.5")
def test_five_tasks_are_done_in_any_order_and_the_list_says_so(complaint):
    phone = Client()
    assert phone.get(page(complaint, "tasks")).content.decode().count("अभी नहीं") == 5
    proof = SimpleUploadedFile("कार्ड.jpg", JPG)
    assert phone.post(page(complaint, "identity"), {"name": "आशा वर्मा", "file": proof}).status_code == 302
    assert (
        phone.post(page(complaint, "evidence"), {"file": SimpleUploadedFile("chat.jpg", JPG + b"2")}).status_code == 302
    )
    told = {"kind": "phone", "value": "+91 70000 12345", "words": "खुद को बैंक का बताया"}
    assert phone.post(page(complaint, "people"), told).status_code == 302
    assert phone.post(page(complaint, "station"), {"station": "साइबर थाना दुर्ग"}).status_code == 302
    assert phone.post(page(complaint, "add"), {"words": "लिंक पर क्लिक किया"}).status_code == 302
    html = phone.get(page(complaint, "tasks")).content.decode()
    assert "अभी नहीं" not in html
    assert "5 में से 5" in html
    papers, people, fresh = rows(complaint)
    assert {paper.purpose for paper in papers} == {"identity", "evidence"}
    assert [each.value for each in people] == ["7000012345"]
    assert (fresh.name, fresh.station) == ("आशा वर्मा", "साइबर थाना दुर्ग")
    with running_as("thaam_loops"):
        assert Sighting.objects.get().source == f"complaint:{complaint.number}"


def test_a_photo_of_an_iphone_is_taken_as_it_is(complaint):
    assert Client().post(page(complaint, "evidence"), {"file": SimpleUploadedFile("IMG.HEIC", HEIC)}).status_code == 302
    assert rows(complaint)[0][0].file.kind == "heic"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("virus.exe", b"MZ\x90\x00" + b"\x00" * 40, "यह फ़ाइल नहीं ली जा सकती"),
        ("page.html", b"<script>alert(1)</script>", "यह फ़ाइल नहीं ली जा सकती"),
        ("empty.jpg", b"", "पहले फ़ाइल चुनें"),
        ("big.jpg", JPG[:4] + b"0" * 13_000_000, "12 MB तक"),
        ("huge.pdf", b"%PDF-" + b"0" * 50_000_000, "25 MB तक"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_kindly_and_nothing_is_lost(complaint, name, content, says):
    answer = Client().post(page(complaint, "evidence"), {"file": SimpleUploadedFile(name, content), "words": "बिल"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert says in html
    assert 'value="बिल"' in html
    assert rows(complaint)[0] == []


def test_pressing_twice_keeps_one_file(complaint):
    form = {"file_id": "019ab000-0000-7000-8000-0000000000aa"}
    for _ in range(2):
        Client().post(page(complaint, "evidence"), {**form, "file": SimpleUploadedFile("chat.jpg", JPG)})
    assert len(rows(complaint)[0]) == 1


def test_taking_back_needs_a_tick_a_reason_and_a_code_and_is_done_once(complaint):
    phone = Client()
    half = phone.post(page(complaint, "take-back"), {"words": "गलती से"})
    assert half.status_code == 422
    assert 'value="गलती से"' in half.content.decode()
    opened = phone.get(page(complaint, "take-back")).content.decode()
    form = {"words": "गलती से", "sure": "yes", "page_id": opened.split('name="page_id" value="')[1][:36]}
    asked = phone.post(page(complaint, "take-back"), form).content.decode()
    assert 'autocomplete="one-time-code"' in asked
    assert 'name="sure" value="yes" id="sure" checked' in asked, "nothing is asked twice"
    code = code_for()
    wrong = phone.post(page(complaint, "take-back"), {**form, "code": "000000" if code != "000000" else "111111"})
    assert wrong.status_code == 422
    assert rows(complaint)[2].withdrawn_at is None, "the link alone frees no money"
    assert phone.post(page(complaint, "take-back"), {**form, "code": code}).status_code == 302
    fresh = rows(complaint)[2]
    assert fresh.withdrawn_words == "गलती से"
    with running_as("thaam_loops"):
        assert complaint.codes.filter(about=TAKE_BACK).count() == 1, "one page, one code"
    assert "वापस ली जा चुकी" in phone.get(page(complaint, "take-back")).content.decode()


def test_whoever_opens_the_page_again_another_day_gets_a_code_that_is_not_over(complaint):
    for count in (1, 2):
        page_id = str(uuid4())
        Client().post(page(complaint, "take-back"), {"words": "x", "sure": "yes", "page_id": page_id})
        with running_as("thaam_loops"):
            assert complaint.codes.filter(about=TAKE_BACK).count() == count


@pytest.mark.parametrize(
    "name", ["", "print", "tasks", "evidence", "people", "identity", "station", "take-back", "add", "fix/1", "restore"]
)
@pytest.mark.parametrize("lang", ["hi", "en"])
def test_the_pages_are_light_and_closed_to_a_wrong_link(complaint, name, lang):
    answer = Client().get(page(complaint, name, lang))
    assert answer.status_code == 200
    assert len(answer.content) <= 14_000
    assert Client().get(f"/{lang}/s/aaaaaaaaaa/{name}".rstrip("/")).status_code == 404


def qr(text):
    import zxingcpp
    from PIL import Image

    image = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode).to_image(scale=6)
    out = io.BytesIO()
    Image.fromarray(image).convert("RGB").save(out, "PNG")
    return SimpleUploadedFile("qr.png", out.getvalue(), content_type="image/png")


def test_a_qr_in_a_screenshot_fills_in_who_was_paid(client):
    banks()
    client.post("/hi/report/details", {"bank": "DEMO1", "amount": "500", "choice": "hour", "reference": "530693093182"})
    client.post("/hi/report/confirm")
    link = "upi://pay?pa=namuna@demo2&pn=NAMUNA%20TRADERS&am=500"
    assert client.post("/hi/report/receiver", {"read": "1", "shot": qr(link)}).status_code == 302
    assert 'value="namuna@demo2"' in client.get("/hi/report/receiver").content.decode()
    none = client.post("/hi/report/receiver", {"read": "1", "shot": SimpleUploadedFile("x.jpg", JPG)})
    assert none.status_code == 422
    assert "QR नहीं मिला" in none.content.decode()


def test_a_shared_message_or_link_opens_the_report_filled_in():
    banks()
    phone = Client(enforce_csrf_checks=True)
    assert phone.post("/hi/report/shared", {"text": "A/C X1234 debited by 500.0"}).url == "/hi/report/sms"
    assert "debited by 500.0" in phone.get("/hi/report/sms").content.decode()
    assert phone.post("/hi/report/shared", {"text": "upi://pay?pa=namuna@demo2&am=750"}).url == "/hi/report/details"
    assert 'value="750"' in phone.get("/hi/report/details").content.decode()
    assert phone.post("/hi/report/shared", {"shot": qr("upi://pay?pa=namuna@demo2")}).url == "/hi/report/details"
    blurred = phone.post("/hi/report/shared", {"shot": SimpleUploadedFile("x.jpg", JPG)})
    assert blurred.status_code == 422
    assert "कुछ पढ़ा नहीं जा सका" in blurred.content.decode()
    for name, content, said in (
        ("x.heic", HEIC, "HEIC फ़ोटो यहाँ नहीं पढ़ी जाती"),
        ("x.pdf", b"%PDF-1.7 text", "यह फ़ाइल फ़ोटो नहीं है"),
        ("x.png", b"MZ\x00\xff", "यह फ़ाइल फ़ोटो नहीं है"),
        ("x.jpg", JPG + b"\0" * 12_000_000, "12 MB तक"),
    ):
        answer = phone.post("/hi/report/shared", {"shot": SimpleUploadedFile(name, content)})
        assert (answer.status_code, said in answer.content.decode()) == (422, True), name


def screenshot(text):
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("L", (760, 420), 250)
    ImageDraw.Draw(image).multiline_text((20, 30), text, fill=10, font=ImageFont.load_default(size=26), spacing=14)
    out = io.BytesIO()
    image.save(out, "PNG")
    return SimpleUploadedFile("shot.png", out.getvalue(), content_type="image/png")


@pytest.mark.skipif(not can_read_words(), reason="tesseract is not installed: apt-get install tesseract-ocr")
def test_a_shared_screenshot_of_the_banks_message_is_read_into_the_box_to_be_checked():
    banks()
    phone = Client(enforce_csrf_checks=True)
    shot = screenshot("A/C X1234 debited by Rs 49,999.00\non 25Nov26 trf to NAMUNA TRADERS\nRefno 530693093182 -SBI")
    assert phone.post("/hi/report/shared", {"shot": shot}).url == "/hi/report/sms"
    page = phone.get("/hi/report/sms").content.decode()
    assert "530693093182" in page
    assert "यह फ़ोटो से पढ़ा गया है" in page
    app = screenshot("Paid to Namuna Traders\nnamuna.traders@ybl\nUPI transaction ID\n530693093182")
    assert phone.post("/hi/report/shared", {"shot": app}).url == "/hi/report/details"
    assert 'value="530693093182"' in phone.get("/hi/report/details").content.decode()


def test_pictures_are_looked_at_for_words_a_dozen_times_in_a_quarter_of_an_hour(monkeypatch):
    banks()
    asked = []
    monkeypatch.setattr("thaam.web.citizen.codes.can_read_words", lambda: True)
    monkeypatch.setattr("thaam.web.citizen.codes.words_in_image", lambda content: asked.append(content) or "words")
    for _ in range(14):
        assert Client().post("/hi/report/shared", {"shot": screenshot("x")}).status_code == 422
    assert len(asked) == 12


def test_a_bank_nobody_knows_is_asked_about_once_and_then_taken(client):
    banks()
    told = {"bank": "other", "bank_other": "Sahyog Bachat Samiti", "amount": "900", "choice": "hour", "last4": "1234"}
    told["reference"] = "530693093182"
    first = client.post("/en/report/details", told)
    assert first.status_code == 200
    assert "No bank called “Sahyog Bachat Samiti”" in first.content.decode()
    assert client.post("/en/report/details", {**told, "seen_bank": "Sahyog Bachat Samiti"}).status_code == 302


def test_a_misspelt_bank_is_offered_by_its_right_name(client):
    banks()
    told = {"bank": "other", "bank_other": "kanara bank", "amount": "900", "choice": "hour"}
    html = client.post("/en/report/details", told).content.decode()
    assert 'value="CNRB"' in html
    assert client.post("/en/report/details", {**told, "bank": "CNRB", "reference": "530693093182"}).status_code == 302


def test_too_many_codes_of_one_mobile_in_a_day_wait_for_a_voice(complaint, client):
    code = code_for()
    with running_as("thaam_loops"):
        most = rule("reports_by_code_a_day", jurisdiction="IN", on=complaint.filed_at).value
        fields = [each for each in Complaint._meta.concrete_fields if each.name not in ("id", "number", "link")]
        for n in range(most):
            Complaint.objects.create(
                id=f"019ab000-0000-7000-8000-0000000001{n:02d}",
                number=f"2611000001{n}",
                link=f"zzzzzzzzz{n}",
                **{
                    **{each.attname: getattr(complaint, each.attname) for each in fields},
                    "confirmed_at": complaint.filed_at + timedelta(seconds=1),
                    "confirmed_by": "citizen",
                },
            )
    answer = client.post("/hi/report/sent", {"code": code})
    assert answer.status_code == 422
    assert "1930 आपको कॉल करके" in answer.content.decode()
    with running_as("thaam_loops"):
        assert Complaint.objects.get(pk=complaint.pk).confirmed_at is None
        # no such limit binds an operator
        attest(complaint_id=complaint.pk, officer=devi(), at=complaint.filed_at)
        assert Complaint.objects.get(pk=complaint.pk).confirmed_at


@pytest.mark.req("S4.5")
def test_the_receipt_carries_a_qr_and_the_numbered_pdf_opens_once_it_is_written(complaint):
    phone = Client()
    html = phone.get(page(complaint, "print")).content.decode()
    assert "<svg" in html
    assert "receipt.pdf" not in html
    assert phone.get(page(complaint, "receipt.pdf")).status_code == 404
    with running_as("thaam_loops"):
        confirm(complaint_id=complaint.pk, code=code_for(), at=datetime.now(tz=UTC))
        write_owed(Fact.objects.get(kind="complaint:confirmed"), datetime.now(tz=UTC))
        number = Letter.objects.get(template="receipt").number
    assert number in phone.get(page(complaint, "print")).content.decode()
    paper = phone.get(page(complaint, "receipt.pdf"))
    assert paper.content.startswith(b"%PDF-")
    assert find_letter(number).is_genuine(paper.content)
    assert Client().get("/hi/s/aaaaaaaaaa/receipt.pdf").status_code == 404
