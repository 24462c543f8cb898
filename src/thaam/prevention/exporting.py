"""A ring for other systems: STIX 2.1 bundle, MISP event (goaml.py: goAML XML). Identifiers and counts, never a victim.

STIX is checked by the stix2 library and MISP by the schema that pymisp carries (tests).
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from thaam.prevention.network import Node, Ring

_SPACE = uuid.UUID("4f0f3a52-5c4e-5d3f-9b57-0c6c1a1d7a11")
IDENTITY = "Thaam"
NOTE = "Linked by complaints of the public; unverified unless marked. No person is accused by being listed."


def _id(kind: str, *words: object) -> str:
    return f"{kind}--{uuid.uuid5(_SPACE, '/'.join(str(word) for word in words))}"


def _stamp(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def stix(ring: Ring, *, at: dt.datetime) -> dict[str, Any]:
    """A bundle: our identity, one observable an identifier, relationships, and a grouping that holds them together."""
    stamp = _stamp(at)
    common = {"spec_version": "2.1", "created": stamp, "modified": stamp}
    identity = {
        "type": "identity", "id": _id("identity", IDENTITY), **common, "name": IDENTITY, "identity_class": "system",
    }  # fmt: skip
    seen = {node.key: _observable(node) for node in ring.nodes}
    links = [
        {
            "type": "relationship", "id": _id("relationship", one, other), **common, "created_by_ref": identity["id"],
            "relationship_type": "related-to", "source_ref": seen[one]["id"], "target_ref": seen[other]["id"],
            "description": f"named together in {weight} complaints or arrests",
        }
        for (one, other), weight in sorted(ring.edges.items())
        if one in seen and other in seen
    ]  # fmt: skip
    grouping = {
        "type": "grouping", "id": _id("grouping", ring.code), **common, "created_by_ref": identity["id"],
        "name": f"Ring of {len(ring.nodes)} identifiers", "context": "suspicious-activity",
        "description": f"{len(ring.complaints)} complaints, Rs {ring.paise // 100} reported lost. {NOTE}",
        "object_refs": [each["id"] for each in (*seen.values(), *links)],
    }  # fmt: skip
    return {
        "type": "bundle", "id": _id("bundle", ring.code, stamp),
        "objects": [identity, *seen.values(), *links, grouping],
    }  # fmt: skip


def _observable(node: Node) -> dict[str, Any]:
    if node.kind == "email":
        return {"type": "email-addr", "spec_version": "2.1", "id": _id("email-addr", node.key), "value": node.name}
    if node.kind == "url":
        address = node.name if "://" in node.name else f"http://{node.name}"
        return {"type": "url", "spec_version": "2.1", "id": _id("url", node.key), "value": address}
    if node.kind == "app":
        return {"type": "software", "spec_version": "2.1", "id": _id("software", node.key), "name": node.name}
    return {
        "type": "user-account", "spec_version": "2.1", "id": _id("user-account", node.key), "user_id": node.name,
        "account_type": f"thaam-{node.kind}",
    }  # fmt: skip


_MISP = {
    "phone": ("phone-number", "Financial fraud"),
    "imei": ("other", "Other"),
    "account": ("bank-account-nr", "Financial fraud"),
    "card": ("cc-number", "Financial fraud"),
    "email": ("email", "Network activity"),
    "url": ("url", "Network activity"),
    "app": ("mobile-application-id", "Payload delivery"),
    "person": ("text", "Other"),
}


def misp(ring: Ring, *, at: dt.datetime) -> dict[str, Any]:
    """An event with one attribute an identifier; not for automatic blocking (`to_ids` false)."""
    when = str(int(at.timestamp()))
    return {
        "Event": {
            "uuid": str(uuid.uuid5(_SPACE, f"event/{ring.code}")),
            "info": f"Fraud ring: {len(ring.nodes)} identifiers, {len(ring.complaints)} complaints",
            "date": at.astimezone(dt.UTC).date().isoformat(),
            "timestamp": when,
            "threat_level_id": "2",
            "analysis": "1",
            "distribution": "0",
            "published": False,
            "Attribute": [
                {
                    "uuid": str(uuid.uuid5(_SPACE, f"attribute/{node.key}")),
                    "type": (_MISP.get(node.kind) or ("text", "Other"))[0],
                    "category": (_MISP.get(node.kind) or ("text", "Other"))[1],
                    "value": node.name,
                    "comment": f"{node.kind}, named in {len(node.complaints)} complaints. {NOTE}",
                    "to_ids": False,
                    "distribution": "0",
                    "timestamp": when,
                }
                for node in ring.nodes
            ],
        }
    }
