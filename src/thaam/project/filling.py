"""Fill an empty demo: the directory of demo.py, written through the verbs, on a demo folder only."""

from __future__ import annotations

import datetime
from pathlib import Path

from django.conf import settings

from thaam.language.text import Text
from thaam.parties import directory
from thaam.parties.keys import KeyKnown, enrol_key
from thaam.parties.models import Officer
from thaam.project import acting, demo
from thaam.project.filling_directory import fill_directory, fill_queue
from thaam.project.filling_room import fill_room
from thaam.project.filling_suspects import add_telecom, fill_suspects
from thaam.wire import keys
from thaam.work.scheduling import schedule

_SAHYOG = Text(hi="सहयोग महिला नागरिक बैंक (डेमो)", en="Sahyog Mahila Nagarik Bank (demo)")
_URBAN = Text(hi="अर्बन बैंक (डेमो, नेटवर्क में नहीं)", en="Urban Bank (demo, not in the network)")


def fill(*, at: datetime.datetime) -> None:
    """Banks, offices, sign-ins and the banks' keys. Safe to repeat; keeps what is there."""
    data: Path = settings.DATA
    password = demo.password_of(data)
    places = {}
    for code, (name, district, state) in demo.OFFICES.items():
        places[code] = directory.add_office(code=code, name=name, district=district, state=state)
    banks = {}
    for number, name in enumerate(demo.NAMES):
        code = demo.code_of(number)
        kind = "cooperative" if "Cooperative" in name.en else "bank"
        handle = code.lower()
        banks[code] = directory.add_bank(
            code=code, name=name, kind=kind, ifsc_prefix=f"DMO{chr(ord('A') + number)}", handles=[handle]
        )
    # a bank with no node and no system: its clerk answers on the screen, by a link, or on the telephone
    banks["SAHYOG"] = directory.add_bank(code="SAHYOG", name=_SAHYOG, kind="cooperative", ifsc_prefix="SHYG")
    directory.add_bank(code="URBAN", name=_URBAN, kind="cooperative", in_network=False)
    banks[demo.SANDBOX] = directory.add_bank(
        code=demo.SANDBOX, name=demo.SANDBOX_NAME, kind="bank", ifsc_prefix="SNDB", handles=["sandbox"]
    )
    telecom = add_telecom()
    officers = {}
    for each in demo.SIGN_INS:
        known = Officer.objects.filter(username=each.username).exists()
        officers[each.username] = directory.add_officer(
            username=each.username,
            name=each.name,
            role=each.role,
            office=places.get(each.place),
            bank=telecom if each.place == telecom.code else banks.get(each.place),
            password=None if known else password,
            by="demo",
            at=at,
        )
    fill_directory(banks=list(banks), at=at)
    fill_room(officers=officers, at=at)
    fill_queue(officer=officers["devi"], at=at)
    schedule(kind=acting.ACT, key=f"{acting.ACT}:first", run_at=at + datetime.timedelta(minutes=2))
    fill_suspects(investigator=officers["investigator"], telecom=telecom, at=at)
    for code in banks:
        if code == "SAHYOG":
            continue  # no node, no key
        _enrol(code, demo.key_file_of(data, code), officers["devi"], officers["approver"], at)


def _enrol(code: str, file: Path, read_by: Officer, confirmed_by: Officer, at: datetime.datetime) -> None:
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        keys.save(keys.generate(), file)
    try:
        enrol_key(partner=code, public_key=keys.load(file).public, read_by=read_by, confirmed_by=confirmed_by, at=at)
    except KeyKnown:
        return
