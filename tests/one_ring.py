"""One ring of every kind of identifier, named by two complaints: what tests of sharing out share."""

from __future__ import annotations

import datetime as dt

from thaam.prevention.network import Node, Ring, grouped

LOSSES = {"26110000001": 40_000_00, "26110000002": 60_000_00}
DAYS = dict.fromkeys(LOSSES, dt.date(2026, 11, 20))


def ring() -> Ring:
    kinds = {
        "phone": "9876500001", "account": "DEMO2/12345678", "vpa": "balu@demo2", "url": "bad-site.example/pay",
        "email": "balu@mail.example", "imei": "490154203237518", "person": "muhamad rapik", "app": "com.bad.app",
        "social": "telegram:balu_1", "card": "411111*1111", "header": "VMFAKE",
    }  # fmt: skip
    nodes = {f"{kind} {name}": Node(f"{kind} {name}", kind, name, frozenset(LOSSES)) for kind, name in kinds.items()}
    return grouped(nodes, LOSSES, DAYS)[0]
