"""Officers of the tests: Devi at the desk, an investigator, an approver, each at an office."""

from thaam.parties.models import Office, Officer


def office(code: str = "RAIPUR-CYBER") -> Office:
    """A police unit."""
    made, _ = Office.objects.get_or_create(
        code=code, defaults={"name_hi": "साइबर थाना रायपुर", "name_en": "Cyber police Raipur", "district": "Raipur"}
    )
    return made


def officer(username: str, role: str) -> Officer:
    """An officer of that role; the same name is the same officer."""
    made, _ = Officer.objects.get_or_create(username=username, defaults={"role": role, "office": office()})
    return made


def devi() -> Officer:
    """The desk officer."""
    return officer("devi", "operator")


def investigator() -> Officer:
    """Proposes."""
    return officer("inspector", "investigator")


def approver() -> Officer:
    """Approves."""
    return officer("approver", "approver")
