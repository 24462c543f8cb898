"""Where a trail ends: the closed list of terminal kinds, decided by the channel of the debit."""

from __future__ import annotations

from enum import StrEnum


class Channel(StrEnum):
    """How a bank says a posting was made (ARCHITECTURE, "Commands and files")."""

    UPI = "UPI"
    IMPS = "IMPS"
    NEFT = "NEFT"
    RTGS = "RTGS"
    CARD = "CARD"
    ATM = "ATM"
    AEPS = "AEPS"
    POS = "POS"
    CHEQUE = "CHEQUE"
    CASH = "CASH"
    FEE = "FEE"
    INTERNAL = "INTERNAL"
    CRYPTO = "CRYPTO"
    FOREIGN = "FOREIGN"


class Terminal(StrEnum):
    """Kinds of an end at which money leaves what banks can be asked about (docs/wire, "Particulars")."""

    CASH_ATM = "CASH_ATM"
    CASH_BRANCH = "CASH_BRANCH"
    CHEQUE = "CHEQUE"
    AEPS = "AEPS"
    PURCHASE = "PURCHASE"
    CARD_OR_LOAN = "CARD_OR_LOAN"
    FEE_TAX = "FEE_TAX"
    CRYPTO = "CRYPTO"
    FOREIGN = "FOREIGN"
    INTERNAL_GL = "INTERNAL_GL"
    CLOSED = "CLOSED"
    OVERDRAFT_REPAID = "OVERDRAFT_REPAID"
    LIEN_BREACHED = "LIEN_BREACHED"
    REPAID_TO_OTHER_VICTIM = "REPAID_TO_OTHER_VICTIM"


ALWAYS_TERMINAL: dict[str, Terminal] = {
    Channel.ATM: Terminal.CASH_ATM,
    Channel.CASH: Terminal.CASH_BRANCH,
    Channel.AEPS: Terminal.AEPS,
    Channel.CHEQUE: Terminal.CHEQUE,
    Channel.POS: Terminal.PURCHASE,
    Channel.FEE: Terminal.FEE_TAX,
    Channel.CRYPTO: Terminal.CRYPTO,
    Channel.FOREIGN: Terminal.FOREIGN,
}

# These two are transfers when they name an account, and ends when they do not.
TERMINAL_WITHOUT_ACCOUNT: dict[str, Terminal] = {
    Channel.INTERNAL: Terminal.INTERNAL_GL,
    Channel.CARD: Terminal.CARD_OR_LOAN,
}


def terminal_kind(*, channel: str, counterparty_account: str | None) -> Terminal | None:
    """The kind of end a debit is, or None when it is a payment to be followed.

    A channel of the first table ends the trail even if a credit row exists; INTERNAL and CARD end
    it only without a counterparty account.
    """
    kind = ALWAYS_TERMINAL.get(channel)
    if kind is None and not counterparty_account:
        kind = TERMINAL_WITHOUT_ACCOUNT.get(channel)
    return kind
