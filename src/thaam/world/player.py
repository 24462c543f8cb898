"""The demo's world, live: people pay each other, mules forward stolen money over the banks, victims report it.

A process of its own beside the platform; it knows only the toy banks' door and the public pages, so what a person
sees on the desk is what the platform really found out. `python -m thaam.world.player --toybank URL --platform URL`.
"""

from __future__ import annotations

import argparse
import logging
import random
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import httpx

from thaam.language.dates import IST
from thaam.language.text import Text
from thaam.world.acting import Stage
from thaam.world.bankline import BankLine, BankRefused
from thaam.world.browsing import Browser, PageFailed
from thaam.world.gateway import Gateway
from thaam.world.plots import Cast, Happened, Pace, Person, Plot, cast_of, plot
from thaam.world.reporting import NoCode, Report, file_report

log = logging.getLogger(__name__)

DEMO_PACE = Pace(wait_seconds=(3.0, 25.0), hops=(4, 6), loss_rupees=(8_000, 90_000), kept_share=0.5)
FIRST_FRAUDS = 20
"""So many frauds come one a minute; after them one in five minutes, so that a demo left alone stays readable."""
VISITOR_EVERY_SECONDS = 240.0
"""So often somebody is robbed who does not report: whoever tries the demo does it for them, with the bank's SMS."""
DISTRICTS = ("Durg", "Raipur", "Kanpur Nagar", "Hamirpur", "Jaipur", "Bilaspur")
STORIES = (
    Text(
        hi="किसी ने बिजली काटने की बात कहकर एक ऐप डलवाया, और खाते से पैसा निकल गया।",
        en="A caller said my electricity would be cut and had me install an app. Then money left my account.",
    ),
    Text(
        hi="फ़ोन पर पुलिस बनकर डराया और तुरंत पैसा भेजने को कहा।",
        en="Someone posing as police on a video call frightened me into sending money at once.",
    ),
    Text(
        hi="पुराना सोफ़ा बेचने के लिए दिया गया क्यूआर कोड स्कैन किया, पैसा आने की जगह चला गया।",
        en="I scanned a QR code to receive money for an old sofa. Money left instead of coming in.",
    ),
    Text(
        hi="शेयर बाज़ार में दोगुना पैसा मिलने का वादा था। निकालने गया तो और पैसा माँगने लगे।",
        en="They promised to double my money in shares. When I tried to withdraw, they asked for more.",
    ),
)


class Player:
    """Runs until `stop` is set. One stage for all payments, a few browsers for the victims."""

    def __init__(self, *, toybank: str, platform: str, gateway: str, banks: int, seed: int, first_after: float) -> None:
        self.line = BankLine(toybank)
        self.platform = platform
        self.gateway = Gateway(gateway)
        self.rng = random.Random(seed)
        self.first_after = first_after
        self.cast: Cast = cast_of(seed=1, banks=banks, victims=40, mules=40, persons=60)
        self.stop = threading.Event()
        self.reporters = ThreadPoolExecutor(max_workers=2, thread_name_prefix="victim")
        mark = f"live-{seed}"
        self.stage = Stage(line=self.line, mark=mark, on_paid=self._after_payment)
        self.mark = mark
        self.left_to_visitors: set[int] = set()

    def run(self) -> None:
        """Open the accounts, then play until stopped."""
        for person in self.cast.everybody:
            self.line.open(person)
        with self.stage:
            self.stage.later(1.0, self._everyday)
            self.stage.later(self.first_after, lambda: self._theft(0))
            self.stage.later(2.0, self._theft_for_a_visitor)
            self.stop.wait()
        self.reporters.shutdown(wait=False, cancel_futures=True)
        self.line.close()

    def _everyday(self) -> None:
        """Somebody buys vegetables; the next one soon after."""
        self.stage.later(self.rng.expovariate(0.5), self._everyday)
        payer, payee = self.rng.sample(self.cast.persons, 2)
        id = f"{self.mark}-day-{time.monotonic_ns()}"
        paise = self.rng.choice((20_00, 45_00, 60_50, 120_00, 349_00, 1_500_00, 2_200_00))
        self._see_to_it(payer, paise)
        self.line.pay(id=id, payer=payer, payee=payee, paise=paise, channel="UPI")

    def _theft(self, number: int) -> None:
        self.stage.later(60.0 if number < FIRST_FRAUDS else 300.0, lambda: self._theft(number + 1))
        started = plot(number=self.rng.randrange(10**6), cast=self.cast, pace=DEMO_PACE, rng=self.rng)
        self._see_to_it(started.victim, started.debit.paise)
        self.stage.play([started], seconds_apart=0.0)

    def _theft_for_a_visitor(self) -> None:
        self.stage.later(VISITOR_EVERY_SECONDS, self._theft_for_a_visitor)
        started = plot(number=10**6 + len(self.left_to_visitors), cast=self.cast, pace=DEMO_PACE, rng=self.rng)
        self.left_to_visitors.add(started.number)
        self._see_to_it(started.victim, started.debit.paise)
        self.stage.play([started], seconds_apart=0.0)

    def _see_to_it(self, payer: Person, paise: int) -> None:
        """A salary comes in when the account is too low for the plot."""
        if self.line.account(payer.bank, payer.account)["available_paise"] < paise:
            id = f"{self.mark}-salary-{time.monotonic_ns()}"
            self.line.ask(
                f"/banks/{payer.bank}/credits",
                id=id,
                account=payer.account,
                amount_paise=paise + 40_000_00,
                channel="NEFT",
                tx_ref=f"SALRN{time.monotonic_ns() % 10**11:011d}",
                detail="salary",
            )

    def _after_payment(self, started: Plot, paid: Happened) -> None:
        """The victim notices a while after the debit; or the bank's SMS waits for a visitor."""
        at = datetime.now(UTC)
        if paid.hop == 1 and started.number in self.left_to_visitors:
            text = debit_sms(paid, at)
            self.reporters.submit(self._bring, f"{self.mark}-debit-{started.number}", paid.payer.mobile, text)
        elif paid.hop == 1:
            noticed = self.rng.uniform(15.0, 40.0)
            self.stage.later(noticed, lambda: self._hand_in(report_of(started, paid, at, rng=self.rng)))

    def _hand_in(self, report: Report) -> None:
        self.reporters.submit(self._report, report)

    def _bring(self, id: str, to: str, text: str) -> None:
        try:
            self.gateway.bring(id=id, to=to, text=text)
        except httpx.HTTPError as problem:
            log.warning("a bank's SMS could not be shown: %s", problem)

    def _report(self, report: Report) -> None:
        try:
            with Browser(self.platform) as browser:
                number = file_report(browser=browser, report=report, read_code=self.gateway.reader(report.mobile))
            log.info("complaint %s filed", number)
        except (PageFailed, NoCode, httpx.HTTPError) as problem:
            log.warning("a victim could not report: %s", problem)


def debit_sms(paid: Happened, at: datetime) -> str:
    """What the payer's bank writes to its customer, times in India; made to be pasted into the report."""
    payer, (rupees, paise) = paid.payer, divmod(paid.paise, 100)
    return (
        f"Rs.{rupees:,}.{paise:02d} debited from A/c XX{payer.account[-4:]} on {at.astimezone(IST):%d-%b-%y %H:%M} "
        f"via {paid.channel}. {paid.channel} Ref No {paid.reference}. Not you? Call 1930. -{payer.bank}"
    )


def report_of(
    started: Plot, paid: Happened, at: datetime, *, rng: random.Random, district: str | None = None
) -> Report:
    """What this victim knows: always their own side, the payee's account mostly, its bank sometimes."""
    victim, payee = paid.payer, paid.payee
    assert payee is not None
    lang = rng.choice(("hi", "hi", "en"))
    story = rng.choice(STORIES)
    knows = rng.random()
    return Report(
        payer_bank=victim.bank,
        amount_paise=paid.paise,
        paid_at=at,
        reference=paid.reference,
        payer_last4=victim.account[-4:],
        mobile=victim.mobile,
        name=victim.name.in_(lang),
        district=district or rng.choice(DISTRICTS),
        payee_account=payee.account if knows < 0.7 else "",
        story=story.in_(lang),
        lang=lang,
    )


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="thaam.world.player", description=__doc__)
    parser.add_argument("--toybank", required=True, help="address of the toy banks")
    parser.add_argument("--platform", required=True, help="address of the pages")
    parser.add_argument("--gateway", required=True, help="address of the local gateway that shows the SMS")
    parser.add_argument("--banks", type=int, default=5)
    parser.add_argument(
        "--seed", type=int, default=None, help="default: the time, so that every run plays other frauds"
    )
    parser.add_argument("--first-after", type=float, default=5.0, help="seconds until the first theft")
    args = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s player %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    player = Player(
        toybank=args.toybank,
        platform=args.platform,
        gateway=args.gateway,
        banks=args.banks,
        seed=int(time.time()) if args.seed is None else args.seed,
        first_after=args.first_after,
    )
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: player.stop.set())
    try:
        player.run()
    except (httpx.HTTPError, BankRefused) as problem:
        log.error("the toy banks cannot be used: %s", problem)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
