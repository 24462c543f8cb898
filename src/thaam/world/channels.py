"""The channels of a posting and which of them end a trail; one number each, for arrays."""

from __future__ import annotations

CHANNELS = (
    "UPI",
    "IMPS",
    "NEFT",
    "RTGS",
    "CARD",
    "ATM",
    "AEPS",
    "POS",
    "CHEQUE",
    "CASH",
    "FEE",
    "INTERNAL",
    "CRYPTO",
    "FOREIGN",
)
CODE = {name: number for number, name in enumerate(CHANNELS)}
DETAIL = {
    "ATM": "ATM S1KN{:05d} Durg",
    "CASH": "branch counter, slip {:06d}",
    "CHEQUE": "cheque {:06d}",
    "AEPS": "AEPS point {:05d}",
    "POS": "shop {:05d}",
    "CRYPTO": "exchange order {:06d}",
    "FOREIGN": "outward remittance {:06d}",
    "FEE": "charge and tax {:04d}",
}
"""What the bank's narration says of a payment that leaves the accounts; the number is synthetic."""


def transfer_channel(amount_paise: int, draw: float) -> int:
    """A rail that carries this sum (UPI to one lakh, IMPS to five, RTGS from two); `draw` in [0, 1) chooses."""
    if amount_paise <= 100_000_00:
        return CODE["UPI"] if draw < 0.8 else CODE["IMPS"]
    if amount_paise <= 500_000_00:
        return CODE["IMPS"] if draw < 0.7 else CODE["NEFT"]
    return CODE["RTGS"] if draw < 0.5 else CODE["NEFT"]
