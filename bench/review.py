"""Pages of the review over a snapshot of a million complaints: time to take the sums, then each page over real HTTP.

The complaints and orders of one snapshot are loaded with COPY (they are invented; a state's real ones come by
taking.py); thirteen months stand behind the newest. A page is asked for by a signed-in reviewer, one request at a time.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import sys
import time
import uuid
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from installation import installation, machine, percentile

PAGES = (
    "", "districts", "districts?per=lakh", "banks", "helpline", "modus", "restoration", "pending", "repeat",
    "snapshots/{name}/complaints", "snapshots/{name}/complaints?district=387",
    "snapshots/{name}/complaints?channel=web", "snapshots/{name}/complaints?modus=kyc",
    "snapshots/{name}/complaints?delay=2", "snapshots/{name}/districts.xlsx", "pack/{name}",
)  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How much."""
    parser.add_argument("--complaints", type=int, default=1_000_000)
    parser.add_argument("--orders", type=int, default=200_000)
    parser.add_argument("--times", type=int, default=5, help="each page")


def main(args: argparse.Namespace) -> dict[str, Any]:
    """Seconds to load and to reckon, milliseconds (median) of each page."""
    found: dict[str, Any] = {"machine": machine(), "complaints": args.complaints}
    with installation(programs=("web",), web_workers=1) as here:
        name = _load(args, found)
        session = _sign_in()
        import httpx

        with httpx.Client(base_url=here.web, cookies={"sessionid": session}, timeout=60) as client:
            for page in PAGES:
                url = "/hi/review/" + page.format(name=name)
                times = []
                for _ in range(args.times + 1):
                    started = time.perf_counter()
                    answer = client.get(url)
                    times.append(time.perf_counter() - started)
                    if answer.status_code != 200:
                        raise SystemExit(f"{url}: {answer.status_code}")
                found[f"ms {page or 'home'}"] = round(1000 * percentile(times[1:], 0.5))
    return found


def _load(args: argparse.Namespace, found: dict[str, Any]) -> str:
    from thaam.oversight.models import Snapshot
    from thaam.oversight.places import divisions_of
    from thaam.oversight.reckoning import reckon

    picked = random.Random(1)
    now = dt.datetime.now(dt.UTC)
    first = now.date().replace(day=1)
    snapshots = []
    for back in range(13, 0, -1):
        start = _back(first, back)
        snapshots.append(
            Snapshot.objects.create(
                id=uuid.uuid4(), name=f"SN-{_back(first, back - 1):%y%m}-01", state_code=22, from_on=start,
                to_on=_back(first, back - 1), taken_at=now, definitions="bench", digest="bench", beside=_beside(),
            )
        )  # fmt: skip
    started = time.perf_counter()
    for snapshot in snapshots:
        big = snapshot is snapshots[-1]
        _copy(
            snapshot,
            picked,
            args.complaints if big else args.complaints // 500,
            args.orders if big else args.orders // 20,
            now,
        )
    found["load_s"] = round(time.perf_counter() - started, 1)
    started = time.perf_counter()
    for snapshot in snapshots:
        reckon(snapshot, divisions=divisions_of(22))
    found["reckon_s"] = round(time.perf_counter() - started, 1)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM oversight_counted WHERE snapshot_id = %s", [snapshots[-1].pk])
        found["complaints"] = cursor.fetchone()[0]
    return snapshots[-1].name


def _copy(snapshot: Any, picked: random.Random, complaints: int, orders: int, now: dt.datetime) -> None:
    import psycopg
    from django.db import connection

    from thaam.oversight.modus import modus_list
    from thaam.oversight.places import districts_of

    codes, tricks = [*districts_of(22), None], [*modus_list(), ""]
    start = dt.datetime.combine(snapshot.from_on, dt.time(), dt.UTC)
    # COPY is not for tables with row-level security; the cluster's own superuser is past it
    at = connection.settings_dict
    with psycopg.connect(host=str(at["HOST"]), dbname=at["NAME"], user="postgres") as past, past.cursor() as cursor:
        with cursor.copy(
            "COPY oversight_counted (snapshot_id, complaint, district_code, channel, payer_bank, modus, filed_at, "
            "withdrawn, reported_paise, held_paise, restored_paise, released_paise, gone_paise, asked_paise, "
            "unexplained_paise, seen_paise, returned_paise, same_day_paise, reported_after_s, held_after_s) FROM STDIN"
        ) as rows:
            for n in range(complaints):
                paise = picked.randrange(50_000, 50_000_000)
                held = paise * picked.randrange(60) // 100 if n % 3 == 0 else 0
                restored, gone = held // 4, (paise - held) * 4 // 5
                rows.write_row(
                    (
                        snapshot.pk, f"{n:011d}", picked.choice(codes), ("phone", "web", "desk", "bank")[n % 4],
                        f"BANK{n % 60}", picked.choice(tricks),
                        start + dt.timedelta(seconds=picked.randrange(2_400_000)), n % 97 == 0, paise,
                        held - restored, restored, 0, gone, paise - held - gone, 0, 0, 0, held // 2,
                        picked.randrange(200_000), picked.randrange(9_000) if held else None,
                    )
                )  # fmt: skip
        with cursor.copy(
            "COPY oversight_countedorder (snapshot_id, order_id, bank, bank_kind, asked_at, due_at, answered_at, "
            "paused_s) FROM STDIN"
        ) as rows:
            for n in range(orders):
                asked = start + dt.timedelta(seconds=picked.randrange(2_400_000))
                answered = None if n % 40 == 0 else asked + dt.timedelta(minutes=picked.expovariate(1 / 30))
                rows.write_row(
                    (
                        snapshot.pk,
                        uuid.uuid4(),
                        f"BANK{n % 60}",
                        "bank",
                        asked,
                        asked + dt.timedelta(hours=1),
                        answered,
                        0,
                    )
                )


def _beside() -> dict[str, Any]:
    from thaam.oversight.people_needed import staffing_of

    hours = [[[60 + 3 * hour, 50 + 2 * hour, 55 + 3 * hour, 10_000_000] for hour in range(24)] for _ in range(7)]
    calls = {"offered": 16_800, "answered": 15_120, "abandoned": 1_680, "excluded": 90, "abandonment_pct": 10.0}
    calls |= {"within_20s_pct": 70.0, "within_60s_pct": 80.0, "mean_wait_s": 21.0, "mean_handling_s": 177.0}
    figures = {**calls, "mean_wait_all_s": 24.0, "hours": hours, "days": 30}
    return {"helpline": {**figures, "staffing": staffing_of(figures)}, "ageing": [], "objections": {}}


def _sign_in() -> str:
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from thaam.parties.models import Office, Officer

    office = Office.objects.create(code="REVIEW", name_hi="समीक्षा", name_en="Review", state="Chhattisgarh")
    officer = Officer.objects.create_user("reviewer", password="x", role="reviewer", office=office)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(officer.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = officer.get_session_auth_hash()
    session["second-factor"] = True
    session.save()
    return str(session.session_key)


def _back(first: dt.date, months: int) -> dt.date:
    number = first.year * 12 + first.month - 1 - months
    return dt.date(number // 12, number % 12 + 1, 1)
