"""Check a journal from nothing but its own words: lines, tree, signed heads, and what the lines say of orders.

Pure: it reads records (dicts) one after the other, from the database (exporting.py) or from a file somebody kept, and
answers with findings. Every record is {"<kind>": {...}}; the order is keys, checkpoints, lines, then documents.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from thaam.journal.entries import GENESIS
from thaam.journal.tree import Growing
from thaam.wire import checkpoints, jws
from thaam.wire.fields import InvalidMessage, Moment
from thaam.wire.keys import BadKey, PublicKey, fingerprint, public_from_text


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not hold: where, and what."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(slots=True)
class Counts:
    """How much was checked."""

    keys: int = 0
    lines: int = 0
    checkpoints: int = 0
    documents: int = 0


@dataclass(slots=True)
class Key:
    """A key of the history and when it counts."""

    partner: str
    public: PublicKey
    valid_from_at: datetime.datetime
    ends_at: datetime.datetime | None
    pending: bool = False

    def counts(self, at: datetime.datetime) -> bool:
        """Whether a signature received at `at` is evidence."""
        return self.valid_from_at <= at and (self.ends_at is None or at < self.ends_at)


@dataclass(frozen=True, slots=True)
class Said:
    """What a line says of an order or an answer."""

    sort: str
    kind: str
    partner: str
    digest: str
    at: datetime.datetime
    fact: str


Ends = tuple[datetime.datetime | None, datetime.datetime | None]


@dataclass(frozen=True, slots=True)
class Paper:
    """What a line says of a letter."""

    digest: str
    paper_digest: str
    template: str
    about: str
    by: str
    written_at: datetime.datetime


# Who announced a key ("" for nobody), and until when it counts.
Lasts = tuple[str, datetime.datetime | None]

# A key announced by its forerunner lets that one count a day longer, so that both sides can change over.
OVERLAP = datetime.timedelta(days=1)


@dataclass(slots=True)
class Verifier:
    """Feed it records with `check`; it remembers what later ones must fit."""

    platform: str = ""
    counts: Counts = field(default_factory=Counts)
    keys: dict[str, Key] = field(default_factory=dict)
    _heads: dict[int, list[checkpoints.Checkpoint]] = field(default_factory=dict)
    _tree: Growing = field(default_factory=Growing)
    _prev: bytes = GENESIS
    # what the lines say of each order and answer, by id
    _said: dict[str, Said] = field(default_factory=dict)
    _enrolled: dict[str, tuple[str, datetime.datetime]] = field(default_factory=dict)
    # when a key was revoked and from when on its signatures are no evidence: by the rows, and by the lines
    _ended: dict[str, Ends] = field(default_factory=dict)
    _revoked: dict[str, Ends] = field(default_factory=dict)
    # by whom a key was announced and until when it counts, likewise
    _lasts: dict[str, Lasts] = field(default_factory=dict)
    _announced: dict[str, Lasts] = field(default_factory=dict)
    # the revision each order is kept at, and its own; how many amendments of it there are
    _revisions: dict[str, tuple[int, int]] = field(default_factory=dict)
    _refused: dict[str, str] = field(default_factory=dict)
    _amended: Counter[str] = field(default_factory=Counter)
    # entries of hold books and letters the lines tell of; only an export that has them is asked for all of them
    _entries: Counter[tuple[str, str, str, int, str]] = field(default_factory=Counter)
    _letters: dict[str, Paper] = field(default_factory=dict)
    _has: frozenset[str] = frozenset()

    def check(self, record: dict[str, Any]) -> Iterator[Finding]:
        """Findings of one record."""
        ((kind, value),) = record.items()
        check = getattr(self, f"_check_{kind}", None)
        if check is None:
            yield Finding(kind, "a kind of record that is not known")
            return
        try:
            yield from check(value)
        except (KeyError, TypeError, ValueError, AttributeError) as why:
            yield Finding(kind, f"cannot be read: {type(why).__name__}: {why}")

    def end(self) -> Iterator[Finding]:
        """Findings that show only when everything was read: heads beyond the lines, documents that are missing."""
        for position in sorted(self._heads):
            yield Finding(f"checkpoint {position}", f"the journal ends at {self._tree.size}: its tail was cut off")
        for id_, said in sorted(self._said.items()):
            yield Finding(f"{said.sort} {id_}", "a line tells of it, but it is missing")
        for entry, count in sorted(self._entries.items()):
            if count > 0 and "entries" in self._has:
                yield Finding(f"hold {entry[0]}", f"a line tells of an entry of {entry[3]} paise that is missing")
        for number in sorted(self._letters) if "letters" in self._has else ():
            yield Finding(f"letter {number}", "a line tells of it, but it is missing")
        for key_id, key in self.keys.items():
            if not key.pending and self._enrolled.get(key_id) != (fingerprint(key.public), key.valid_from_at):
                yield Finding(f"key {key_id}", "no line tells of this key with this fingerprint and beginning")
            if not key.pending and self._ended[key_id] != self._revoked.get(key_id, (None, None)):
                yield Finding(f"key {key_id}", "the lines tell otherwise of its revocation")
            if not key.pending and self._lasts.get(key_id, self._told_of(key_id)) != self._told_of(key_id):
                yield Finding(f"key {key_id}", "the lines tell otherwise of who announced it, or of its end")
        for id_, (kept, own) in self._revisions.items():
            if kept != own + self._amended[id_]:
                yield Finding(f"order {id_}", f"it is kept at revision {kept}, {self._amended[id_]} amend it")

    def _told_of(self, key_id: str) -> Lasts:
        return self._announced.get(key_id, ("", None))

    def _check_export(self, value: dict[str, Any]) -> Iterator[Finding]:
        self.platform = value["platform"]
        self._has = frozenset(value.get("has", ()))
        if value["version"] != 1:
            yield Finding("export", f"version {value['version']} is not known")

    def _check_key(self, value: dict[str, Any]) -> Iterator[Finding]:
        self.counts.keys += 1
        ends = [_moment(value[name]) for name in ("valid_to_at", "revoked_at", "compromised_from_at") if value[name]]
        try:
            public = public_from_text(value["public_key"])
        except BadKey as why:
            yield Finding(f"key {value['key_id']}", str(why))
            return
        start = _moment(value["valid_from_at"])
        young = value.get("pending") is True
        self._ended[value["key_id"]] = (
            _moment_or_none(value["revoked_at"]),
            _moment_or_none(value["compromised_from_at"]),
        )
        if "announced_by" in value:
            self._lasts[value["key_id"]] = (value["announced_by"], _moment_or_none(value["valid_to_at"]))
        self.keys[value["key_id"]] = Key(value["partner"], public, start, min(ends, default=None), young)

    def _check_checkpoint(self, value: dict[str, Any]) -> Iterator[Finding]:
        """A head: kept until the lines reach it. Also one a witness kept, put before the export."""
        self.counts.checkpoints += 1
        try:
            head = checkpoints.checkpoint_from(value)
            checkpoints.verify_checkpoint(head, self._platform_key)
        except checkpoints.BadCheckpoint as why:
            yield Finding(f"checkpoint {value.get('position')}", str(why))
            return
        if head.position == 0:
            return
        self._heads.setdefault(head.position, []).append(head)

    def _check_line(self, value: dict[str, Any]) -> Iterator[Finding]:
        self.counts.lines += 1
        entry: str = value["entry"]
        told = json.loads(entry)
        where = f"line {told['position']}"
        if told["position"] != self._tree.size + 1:
            yield Finding(where, f"line {self._tree.size + 1} was expected")
        if told["prev"] != self._prev.hex():
            yield Finding(where, "does not follow the line before it")
        leaf = checkpoints.leaf_hash(entry.encode())
        if leaf.hex() != value["leaf"]:
            yield Finding(where, "was changed after it was written")
        # go on from the stored leaf, so that one changed line is one finding
        self._prev = bytes.fromhex(value["leaf"])
        self._tree.add(self._prev)
        self._remember(told)
        for head in self._heads.pop(self._tree.size, ()):
            if head.root != self._tree.root().hex():
                yield Finding(f"checkpoint {head.position}", "the lines up to it are not those that were signed")

    def _remember(self, told: dict[str, Any]) -> None:
        data, at = told["data"], _moment(told["at"])
        if told["kind"] == "order:posted":
            said = Said("order", data["kind_of_order"], data["partner"], data["digest"], at, told["fact"])
            self._said[told["about"].removeprefix("order:")] = said
        elif told["kind"] == "answer:kept":
            partner = told["by"].removeprefix("bank:")
            said = Said("answer", data["kind_of_answer"], partner, data["digest"], at, told["fact"])
            self._said[data["answer"]] = said
        elif told["kind"] == "answer:refused":
            self._refused[data["answer"]] = data["why"]
        elif told["kind"] in ("key:enrolled", "key:announced"):
            self._remember_key(told["kind"] == "key:announced", told["by"].removeprefix("key:"), data, at)
        elif told["kind"] == "key:revoked":
            self._revoked[data["key_id"]] = (at, _instant_or_none(data["compromised_from_at"]))
        elif told["kind"] == "letter:written":
            self._letters[data["letter"]] = Paper(
                data["digest"], data["paper_digest"], data["template"], told["about"], told["by"], at
            )
        elif told["about"].startswith("hold:") and {"cause", "ranges", "amount_paise"} <= data.keys():
            self._entries[_entry(told["about"].removeprefix("hold:"), told["kind"], data)] += 1

    def _remember_key(self, announced: bool, by: str, data: dict[str, Any], at: datetime.datetime) -> None:
        start = _instant_or_none(data.get("valid_from_at")) or at
        self._enrolled[data["key_id"]] = (data["fingerprint"], start)
        self._announced[data["key_id"]] = (by if announced else "", _instant_or_none(data.get("valid_to_at")))
        if announced:
            before, end = self._told_of(by)
            self._announced[by] = (before, min(end or start + OVERLAP, start + OVERLAP))

    def _check_entry(self, value: dict[str, Any]) -> Iterator[Finding]:
        """An entry of a hold book: exactly one line tells of it, with its paise and its kind."""
        self.counts.documents += 1
        entry = _entry(value["hold"], value["fact"], value)
        self._entries[entry] -= 1
        if self._entries[entry] < 0 and not value.get("pending"):
            yield Finding(f"hold {value['hold']}", f"no line tells of its entry of {value['amount_paise']} paise")

    def _check_letter(self, value: dict[str, Any]) -> Iterator[Finding]:
        """A letter: its data and its paper are those whose digests a line tells of."""
        self.counts.documents += 1
        said = self._letters.pop(value["number"], None)
        if said is None and not value.get("pending"):
            yield Finding(f"letter {value['number']}", "no line tells of it")
        elif said is not None and (said.digest, said.paper_digest) != (value["digest"], value["paper_digest"]):
            yield Finding(f"letter {value['number']}", "its data or its paper are not those the line tells of")
        elif (
            said is not None
            and "about" in value
            and said
            != Paper(
                said.digest,
                said.paper_digest,
                value["template"],
                value["about"],
                value["by"],
                _moment(value["written_at"]),
            )
        ):
            yield Finding(f"letter {value['number']}", "the line tells of another kind, subject, writer or time")

    def _check_order(self, value: dict[str, Any]) -> Iterator[Finding]:
        if "revision" in value:
            is_amendment = value["kind"] == "AmendOrder"
            self._revisions[value["id"]] = (
                value["revision"],
                json.loads(value["body"])["revision"] if is_amendment else 1,
            )
            self._amended[value["about"]] += is_amendment
        yield from self._check_document("order", value, {self.platform})

    def _check_answer(self, value: dict[str, Any]) -> Iterator[Finding]:
        if "refused" in value and value["refused"] != self._refused.get(value["id"], ""):
            yield Finding(f"answer {value['id']}", "the lines tell otherwise of why it was refused")
        # a clerk without a system answers on our page or by telephone: then the platform signs, and its key says so
        yield from self._check_document("answer", value, {value["partner"], self.platform})

    def _check_document(self, kind: str, value: dict[str, Any], signers: set[str]) -> Iterator[Finding]:
        self.counts.documents += 1
        where, body = f"{kind} {value['id']}", value["body"].encode()
        said = self._said.pop(value["id"], None)
        if said is None and not value.get("pending"):
            yield Finding(where, "no line tells of it")
        elif said is not None and hashlib.sha256(body).hexdigest() != said.digest:
            yield Finding(where, "its words are not those the line tells of")
        elif said is not None and (said.kind, said.partner) != (value["kind"], value["partner"]):
            yield Finding(where, f"it is kept as {value['kind']} of {value['partner']}, which the line does not say")
        yield from _contradictions(where, value, json.loads(body), said)
        try:
            jws.verify_detached(body, value["jws"], lambda key_id: self._key_of(key_id, signers, said))
        except jws.BadEvidence as why:
            yield Finding(where, f"its signature does not hold: {why.detail}")

    def _key_of(self, key_id: str, signers: set[str], said: Said | None) -> PublicKey | None:
        """The key, if it counted when the line was written; what is too young for a line needs a key of a signer."""
        key = self.keys.get(key_id)
        counted = key is not None and (said is None or key.counts(said.at))
        return key.public if key and counted and key.partner in signers else None

    def _platform_key(self, key_id: str) -> PublicKey | None:
        key = self.keys.get(key_id)
        return key.public if key and key.partner == self.platform else None


def verify(records: Iterable[dict[str, Any]], verifier: Verifier) -> Iterator[Finding]:
    """All findings of an export, in the order they show."""
    for record in records:
        yield from verifier.check(record)
    yield from verifier.end()


def _contradictions(where: str, value: dict[str, Any], words: Any, said: Said | None) -> Iterator[Finding]:
    """Columns kept beside a body, where the export has them, say what the body and the line say."""
    about = words.get("hold_order_id", words["id"])
    told = {"id": words["id"], "kind": words["kind"], "order_id": words.get("order_id"), "about": about}
    for name, true in told.items():
        if name in value and value[name] != true:
            yield Finding(where, f"{name} is kept as {value[name]}, its words say {true}")
    begin = words.get("execute_before")
    if "execute_before" in value and _moment_or_none(value["execute_before"]) != _moment_or_none(begin):
        yield Finding(where, f"execute_before is kept as {value['execute_before']}, its words say {begin}")
    stated = words.get("answered_at", words.get("reported_at", value.get("received_at")))
    if "stated_at" in value and _moment(value["stated_at"]) != _moment(stated):
        yield Finding(where, f"stated_at is kept as {value['stated_at']}, its words say {stated}")
    if said is not None and value.get("fact", said.fact) != said.fact:
        yield Finding(where, "it is kept with another fact than the line's")
    if said is not None and value.get("digest", said.digest) != said.digest:
        yield Finding(where, "its digest is kept otherwise than the line tells")
    for name, done in (("received_at", "received"), ("posted_at", "posted")):
        if said is not None and name in value and _moment(value[name]) != said.at:
            yield Finding(where, f"it is kept as {done} at {value[name]}, the line says otherwise")


def _entry(hold: str, fact: str, data: dict[str, Any]) -> tuple[str, str, str, int, str]:
    return hold, fact, str(data["cause"]), int(data["amount_paise"]), json.dumps(data["ranges"])


def _moment_or_none(text: str | None) -> datetime.datetime | None:
    return None if text is None else _moment(text)


def _instant_or_none(text: str | None) -> datetime.datetime | None:
    return None if text is None else datetime.datetime.fromisoformat(text)


def _moment(text: str) -> datetime.datetime:
    try:
        moment: datetime.datetime = Moment().load(text, "")
    except InvalidMessage as why:
        raise ValueError(str(why)) from why
    return moment
