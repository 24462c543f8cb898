"""The demo's directory: five banks with keys of their own, a helpline desk, a cyber cell, and who signs in.

Everything here is made up. No Django: the supervisor reads it too; `filling.py` writes it into the database.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from thaam.language.dates import IST
from thaam.language.text import Text
from thaam.wire import keys

NAMES = (
    Text(hi="गंगा बैंक", en="Ganga Bank"),
    Text(hi="नर्मदा बैंक", en="Narmada Bank"),
    Text(hi="गोदावरी बैंक", en="Godavari Bank"),
    Text(hi="कावेरी सहकारी बैंक", en="Kaveri Cooperative Bank"),
    Text(hi="ब्रह्मपुत्र बैंक", en="Brahmaputra Bank"),
)
BANKS = len(NAMES)
MULES_AFTER = timedelta(minutes=15)
# A bank nobody plays in: its mailbox, core and key are for an engineer to try their own node on (`thaam sandbox`).
SANDBOX = "SANDBOX"
SANDBOX_NAME = Text(hi="सैंडबॉक्स बैंक (इंजीनियरों के लिए)", en="Sandbox Bank (for engineers)")


@dataclass(frozen=True, slots=True)
class SignIn:
    """One demo officer."""

    username: str
    name: Text
    role: str
    place: str  # an office's code, or a bank's


HELPLINE, CELL, REVIEW = "HELPLINE", "CYBERCELL", "REVIEW"
OFFICES = {
    HELPLINE: (Text(hi="हेल्पलाइन डेस्क (डेमो)", en="Helpline desk (demo)"), "Raipur", "Chhattisgarh"),
    CELL: (Text(hi="साइबर थाना, दुर्ग (डेमो)", en="Cyber police station, Durg (demo)"), "Durg", "Chhattisgarh"),
    REVIEW: (Text(hi="राज्य समीक्षा (डेमो)", en="State review (demo)"), "", "Chhattisgarh"),
}
SIGN_INS = (
    SignIn("operator", Text(hi="आरती (ऑपरेटर)", en="Aarti (operator)"), "operator", HELPLINE),
    SignIn("devi", Text(hi="देवी (पर्यवेक्षक)", en="Devi (supervisor)"), "supervisor", HELPLINE),
    SignIn("constable", Text(hi="इरफ़ान (सिपाही)", en="Irfan (constable)"), "constable", CELL),
    SignIn("investigator", Text(hi="मीरा (जाँच अधिकारी)", en="Meera (investigator)"), "investigator", CELL),
    SignIn("approver", Text(hi="कबीर (स्वीकृति अधिकारी)", en="Kabir (approver)"), "approver", CELL),
    SignIn("clerk", Text(hi="जॉन (बैंक नोडल)", en="John (bank nodal officer)"), "bank_clerk", "DEMO1"),
    SignIn("sahyog", Text(hi="मीनाक्षी (सहयोग बैंक)", en="Meenakshi (Sahyog bank)"), "bank_clerk", "SAHYOG"),
    SignIn("telecom", Text(hi="तारा (टेलीकॉम नोडल)", en="Tara (telecom nodal officer)"), "bank_clerk", "DEMOTEL"),
    SignIn("reviewer", Text(hi="रूपा (समीक्षा)", en="Rupa (review)"), "reviewer", REVIEW),
    SignIn("auditor", Text(hi="फ़रीदा (लेखा-परीक्षक)", en="Farida (auditor)"), "auditor", REVIEW),
    SignIn("trader", Text(hi="गोपाल (व्यापार मंडल)", en="Gopal (trade body)"), "association", CELL),
    SignIn("administrator", Text(hi="लीला (प्रशासक)", en="Leela (administrator)"), "administrator", HELPLINE),
)


def code_of(number: int) -> str:
    """The code of demo bank `number`, from 0; the generated worlds use the same."""
    return f"DEMO{number + 1}"


def password_of(data: Path) -> str:
    """The one password of the demo's sign-ins, drawn once for this data folder."""
    kept = data / "demo" / "password"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(f"thaam-{secrets.randbelow(9000) + 1000}")
    return kept.read_text().strip()


def key_file_of(data: Path, code: str) -> Path:
    """Where the node of a demo bank keeps its private key."""
    return data / "banks" / code / "node.key"


def write_addresses(data: Path, **urls: str) -> None:
    """Where this run of the demo is reached; `thaam sandbox` reads it."""
    kept = data / "demo" / "addresses.json"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(urls))


def addresses_of(data: Path) -> dict[str, str]:
    """The addresses of the last run. Raises OSError when no demo has run in this folder."""
    found: dict[str, str] = json.loads((data / "demo" / "addresses.json").read_text())
    return found


def write_node_config(
    data: Path, code: str, *, platform_url: str, toybank_url: str, poll_seconds: float, at: datetime
) -> Path:
    """The TOML of one demo bank's node (docs/how-to says what each line means); `at` is now."""
    folder = data / "banks" / code
    folder.mkdir(parents=True, exist_ok=True)
    platform = keys.load(data / "keys" / "platform.key")
    lines = {
        "bank": code,
        "platform_url": platform_url,
        "key": str(folder / "node.key"),
        "data": str(folder / "node"),
        "poll_seconds": poll_seconds,
        "hints": True,
    }
    text = "".join(f"{name} = {json.dumps(value)}\n" for name, value in lines.items())
    text += f"\n[platform_keys]\n{json.dumps(platform.key_id)} = {json.dumps(keys.public_text(platform.public))}\n"
    text += f'\n[core]\nadapter = "toybank"\nurl = {json.dumps(toybank_url)}\n'
    # once a day like any bank, but the first time while somebody is still watching the demo
    soon = at.astimezone(IST) + MULES_AFTER
    text += f'\n[mules]\nat = "{soon:%H:%M}"\n'
    file = folder / "node.toml"
    file.write_text(text)
    return file
