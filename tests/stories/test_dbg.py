import os, pytest
from lives import prove_a_life


def test_dbg(transactional_db, tmp_path, settings):
    settings.DRILL = True
    import lives

    lives.ACTS = int(os.environ.get("ACTS", "1"))
    lives.TOGETHER = int(os.environ.get("TOGETHER", "50"))
    try:
        prove_a_life(tmp_path, int(os.environ["TRY"]), complaints=int(os.environ.get("N", "100")))
    except AssertionError as e:
        print(str(e)[:3000])
        import re
        from thaam.mailbox.models import Order, Answer
        from thaam.holds.models import Hold
        from thaam.chase.models import Line as L

        for hid in set(re.findall(r"hold ([0-9a-f-]{36})", str(e))):
            for o in Order.objects.filter(about=hid).order_by("posted_at"):
                m = o.message
                print(
                    o.posted_at.time(),
                    o.kind,
                    o.state,
                    o.id,
                    "rev",
                    o.revision,
                    {
                        k: str(getattr(m, k, None))
                        for k in ("expires_at", "provisional", "reason", "ranges", "floor_paise", "execute_before")
                    },
                )
                for a in Answer.objects.filter(order_id=o.id).order_by("received_at", "id"):
                    print(
                        "    ",
                        a.received_at.time(),
                        a.stated_at.time(),
                        a.kind,
                        a.refused,
                        a.settled_at and a.settled_at.time(),
                        a.id,
                        [(l.kind, l.lo, l.hi, l.reason, l.hold_order_id) for l in getattr(a.message, "lines", ())],
                    )
            h = Hold.objects.get(pk=hid)
            print(
                "AM",
                [
                    (a.revision, a.expires_at, a.provisional, a.accepted_at, a.ordered_at)
                    for a in h.amendments.order_by("revision")
                ],
            )
            print("EN", [(e.kind, e.ranges, e.at.time(), e.reason) for e in h.entries.order_by("at")])
            print(
                "RE",
                [(r.ranges, r.reason, r.ordered_at.time(), r.done_at) for r in h.releases.all()],
                [(r.ranges, r.paid_at, r.refused_at, r.refused_why) for r in h.repayments.all()],
            )
            print(
                "LI",
                [
                    (l.lo, l.hi, l.kind, l.why, l.order_id)
                    for l in L.objects.filter(payment_id=h.payment_id).order_by("lo")
                ],
            )
        raise
