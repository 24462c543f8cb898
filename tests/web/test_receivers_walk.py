"""The table of docs/wire (field x receiver) walked field by field: a value goes to its receiver and to no other bank.

Every leaf of every message that can carry a word or a sum of its own is given one nobody else has; then all pages and
files of the other banks are read.
"""

import copy
from dataclasses import replace

import pytest

from banking import order
from cast import NOON, bank, running_as
from thaam.journal.ids import id_from
from thaam.language import rupees
from thaam.mailbox.keeping import keep
from thaam.mailbox.models import Order
from thaam.mailbox.posting import post
from thaam.wire import codec, receivers
from thaam.wire.examples import BASIS, EXAMPLES
from thaam.wire.fields import InvalidMessage
from thaam.wire.messages import KINDS, ORDERS
from web.test_bank_doors import signed_in
from web.walking import addresses, plain, told, two_frauds

pytestmark = pytest.mark.django_db
SUMS = {"amount_paise", "lo", "hi", "child_lo", "floor_paise"}
# ids tie the messages of the test together, and are marks themselves: no two banks share one
IDS = {"id", "order_id", "hold_order_id", "about_order_id"}
# what can be anybody's: it tells nothing of whose it is
NOBODYS = {"kind", "rail", "jurisdiction", "section", "code", "reason", "what", "action", "state", "exactness", "way"}
BY_KIND = {type(each).__name__: each for each in EXAMPLES}
BY_KIND["AmendOrder"] = replace(BY_KIND["AmendOrder"], basis=BASIS)
BY_KIND["BlockAnswer"] = replace(BY_KIND["BlockAnswer"], result="refused", words="why not", done_at=None)
RECEIVER = "DEMO2"


def parents(body, path):
    """The (container, key) pairs a leaf of the table stands at in one message's JSON."""
    steps = path.split(".")
    here = [body]
    for step in steps[:-1]:
        name = step.removesuffix("[]")
        below = [each.get(name) for each in here]
        here = [one for each in below if each for one in (each if step.endswith("[]") else [each])]
    return [(each, steps[-1].removesuffix("[]")) for each in here if each.get(steps[-1].removesuffix("[]")) is not None]


def scaled(message, factor):
    """The same message with every sum times `factor`: what balanced still balances, and the sums are its own."""

    def walk(part):
        if isinstance(part, dict):
            return {
                name: value * factor if name in SUMS and isinstance(value, int) else walk(value)
                for name, value in part.items()
            }
        return [walk(each) for each in part] if isinstance(part, list) else part

    return codec.decode(codec.canonical(walk(codec.parse(codec.encode(message)))))


def marked(message, number):
    """The message with a mark of its own in every leaf that takes one, and path -> mark. Sums are marks as they are."""
    body, marks = codec.parse(codec.encode(message)), {}
    for path, _, name in receivers.leaves_of(type(message)):
        spots = parents(body, path)
        if not spots or name in IDS | NOBODYS:
            continue
        if name in SUMS:
            sums = {part[key] for part, key in spots if part[key] > 1_000_00}
            marks[path] = {rupees.full(each).lstrip("₹") for each in sums} | {str(each // 100) for each in sums}
            continue
        for mark in (f"ZQ{number:02d}{len(marks):03d}X", f"98{number:02d}77{len(marks):04d}"):
            tried = copy.deepcopy(body)
            for part, key in parents(tried, path):
                part[key] = [mark] if isinstance(part[key], list) else mark
            try:
                codec.decode(codec.canonical(tried))
            except (InvalidMessage, codec.BadMessage):
                continue
            body, marks[path] = tried, {mark}
            break
        else:  # a digest or a key takes no other value, and nobody else has it
            long = {part[key] for part, key in spots if isinstance(part[key], str) and len(part[key]) > 30}
            long |= {each for part, key in spots if isinstance(part[key], list) for each in part[key]}
            if long:
                marks[path] = long
    return codec.decode(codec.canonical(body)), marks


@pytest.fixture
def work(settings, tmp_path):
    settings.FILES = tmp_path
    return two_frauds(tmp_path)


@pytest.fixture
def planted(work):
    """One marked message of every kind in DEMO2's mailbox; (kind, path) -> the marks that are DEMO2's alone."""
    bank(RECEIVER)
    found = {}
    with running_as("thaam_loops"):
        for number, (kind, message) in enumerate(BY_KIND.items(), start=1):
            wide = scaled(message, 1009 + 2 * number)
            ready, marks = marked(wide, number)
            found |= {(kind, path): words for path, words in marks.items()}
            found[(kind, "id")] = {ready.id}
            if kind in ORDERS:
                if kind == "AmendOrder":
                    ready = replace(ready, hold_order_id=order_for("HoldOrder", number))
                elif hasattr(ready, "hold_order_id"):
                    ready = replace(ready, hold_order_id=str(order(RECEIVER).id))
                post(partner=RECEIVER, message=ready, at=NOON, by="test")
                continue
            if hasattr(ready, "order_id"):
                asked = next(name for name in BY_KIND if BY_KIND[name].id == message.order_id)
                ready = replace(ready, order_id=order_for(asked, number))
            keep(partner=RECEIVER, message=ready, raw=codec.encode(ready), jws="test", at=NOON)
    return found


def order_for(kind, number):
    """An order of this kind at DEMO2 for the message `number` to answer or amend."""
    made = replace(scaled(BY_KIND[kind], 1009 + 2 * number), id=id_from("order for", number))
    if hasattr(made, "hold_order_id"):
        made = replace(made, hold_order_id=str(order(RECEIVER).id))
    return str(post(partner=RECEIVER, message=made, at=NOON, by="test").pk)


def all_text(code):
    client = signed_in("bank_clerk", code)
    return plain("\n".join(told(client.get(address)) for address in addresses(code)))


@pytest.mark.req("S1.6", "S1.7")
def test_no_field_of_the_table_is_on_a_page_or_in_a_file_of_another_bank(planted):
    rows = {(kind, path) for kind, _, path, _ in receivers.table()}
    assert set(planted) <= rows
    assert {kind for kind, _ in planted} == set(KINDS), "every message of the table was planted"
    for code in ("DEMO1", "DEMO3", "DEMO4"):
        text = all_text(code)
        leaks = sorted(
            f"{kind}.{path} reads {mark}" for (kind, path), marks in planted.items() for mark in marks if mark in text
        )
        assert leaks == [], code


def test_the_receiver_is_shown_what_the_table_gives_it(planted):
    """The walk can see: the marks are on the receiver's own pages, so their absence elsewhere means something."""
    text = all_text(RECEIVER)
    shown = {(kind, path) for (kind, path), marks in planted.items() if any(mark in text for mark in marks)}
    for kind in ORDERS:
        assert {path for each, path in shown if each == kind} - {"id"}, f"no field of {kind} was met"
    must = {
        ("HoldOrder", "payment.reference"),
        ("HoldOrder", "payee_hint"),
        ("HoldOrder", "amount_paise"),
        ("LocatePayment", "payment.reference"),
        ("RestoreOrder", "to_account"),
        ("InformationRequest", "words"),
        ("ReleaseOrder", "basis.reference"),
    }
    assert must <= shown, must - shown


def test_every_leaf_without_a_mark_is_one_that_tells_nothing_of_its_own(planted):
    """A new field that could carry a secret and takes no mark would be walked past in silence."""
    bare = {(kind, path) for kind, _, path, _ in receivers.table()} - set(planted)
    silent = IDS | NOBODYS | SUMS | {
        "revision", "replaces", "order_revision", "position", "ranges_kind", "rule_applied", "terminal_kind", "date",
        "reports", "words_hi", "result", "told", "complete",
        "payer_account_last4",  # four digits are in every long number
    }  # fmt: skip
    told_apart = {
        (kind, path)
        for kind, path in bare
        if path.rpartition(".")[2].removesuffix("[]") not in silent
        and not path.endswith(("_at", "_before", "_until", "found", "provisional", "keeps_claim", "mobile_matches"))
    }
    assert told_apart == set()


def test_each_order_in_the_mailboxes_went_to_the_receiver_the_table_names(work):
    """The real traffic of two frauds: fields of the table only, and at the bank the table says."""
    wanted = {
        receivers.PAYER_BANK: lambda message: message.payment.payer_bank,
        receivers.HOLDING_BANK: lambda message: message.payment.payee_bank,
    }
    rows = {(kind, path) for kind, _, path, _ in receivers.table()}
    with running_as("thaam_loops"):
        sent = list(Order.objects.all())
    assert {each.kind for each in sent} >= {"LocatePayment", "HoldOrder", "InformationRequest"}
    for each in sent:
        body = codec.parse(bytes(each.body))
        assert {(each.kind, path) for path in leaves(body)} <= rows, each.kind
        who = wanted.get(receivers.RECEIVER[each.kind])
        if who is not None and hasattr(each.message, "payment"):
            assert who(each.message) == each.partner_id, each.kind


def leaves(part, at=""):
    """Paths of the leaves of one message's JSON, spelled as the table spells them."""
    for name, value in part.items():
        path = f"{at}{name}"
        if not at and name in ("kind", "version"):
            continue
        if isinstance(value, dict):
            yield from leaves(value, path + ".")
        elif isinstance(value, list) and any(isinstance(each, dict) for each in value):
            for each in value:
                yield from leaves(each, path + "[].")
        elif value not in (None, []):
            yield path + "[]" if isinstance(value, list) else path
