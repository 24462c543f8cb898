"""All banks' money at once, paisa by paisa, with none of our own arithmetic: lists, and one object for every paisa.

An account is a pile of paise, the last one on top. A paisa knows every payment it was part of and its place in it. A
hold takes its paise out of the pile; released ones come back on top; a refund takes the very paise it names, as far as
they lie there, and others from the top for those that do not.
"""

from __future__ import annotations

from collections.abc import Iterable

Account = tuple[str, str]  # bank, number
Place = tuple[str, int]  # a payment's reference, and an offset in it


class Paisa:
    """One paisa, and where it has been: each payment with its offset there, oldest first."""

    __slots__ = ("past",)

    def __init__(self) -> None:
        self.past: list[Place] = []

    def after(self, place: Place) -> Place | None:
        """The payment it went on in after this one."""
        at = self.past.index(place) + 1
        return self.past[at] if at < len(self.past) else None


class Money:
    """Every paisa of every bank, in one place."""

    def __init__(self) -> None:
        self.piles: dict[Account, list[Paisa]] = {}
        self.held: dict[str, tuple[Account, list[Paisa]]] = {}  # lien -> its account, its paise lowest first
        self.flying: dict[str, list[Paisa]] = {}  # payment -> its paise, lowest first
        self.gone: list[Paisa] = []
        self.made = 0
        self.amounts: dict[str, int] = {}
        self.refunded: dict[str, int] = {}
        self.sent_back: set[Place] = set()  # left in a refund of the payment they are named by
        self.restored: set[Place] = set()
        self.came_to: dict[str, Account] = {}  # payment -> account that was credited

    def open(self, account: Account, paise: int) -> None:
        """An account with money of its own."""
        self.piles[account] = [Paisa() for _ in range(paise)]
        self.made += paise

    def debit(self, account: Account, paise: int, payment: str) -> None:
        """The topmost paise leave: the lowest of them is the payment's lowest."""
        pile = self.piles[account]
        leaving = pile[len(pile) - paise :]
        assert len(leaving) == paise, f"{account} paid {paise} with {len(leaving)} in it"
        del pile[len(pile) - paise :]
        self._leave(leaving, payment, range(paise))

    def refund(self, account: Account, paise: int, of: str, payment: str) -> None:
        """The highest paise of a payment not given back yet go back; what is not here is taken from the top instead."""
        high = self.amounts[of] - self.refunded.get(of, 0)
        self.refunded[of] = self.refunded.get(of, 0) + paise
        pile = self.piles[account]
        lying = {p.past[-1]: p for p in pile if p.past and p.past[-1][0] == of}
        leaving: dict[int, Paisa] = {}
        for offset in range(paise):
            paisa = lying.get((of, high - paise + offset))
            if paisa is not None:
                pile.remove(paisa)
                leaving[offset] = paisa
                self.sent_back.add((of, high - paise + offset))
        for offset in reversed(range(paise)):
            if offset not in leaving:
                leaving[offset] = pile.pop()
        self._leave([leaving[offset] for offset in range(paise)], payment, range(paise))

    def _leave(self, paise: Iterable[Paisa], payment: str, offsets: Iterable[int]) -> None:
        flying = self.flying.setdefault(payment, [])
        for paisa, offset in zip(paise, offsets, strict=True):
            paisa.past.append((payment, offset))
            flying.append(paisa)
        self.amounts[payment] = len(flying)

    def credit(self, account: Account, payment: str) -> None:
        """A payment arrives: its paise lie on top."""
        self.came_to[payment] = account
        self.piles[account] += self.flying.pop(payment)

    def spend(self, payment: str) -> None:
        """What left in this payment left the banks."""
        self.gone += self.flying.pop(payment)

    def lying(self, account: Account, payment: str) -> list[int]:
        """Offsets of a payment that lie in the account, lowest first."""
        return sorted(p.past[-1][1] for p in self.piles[account] if p.past and p.past[-1][0] == payment)

    def hold(self, lien: str, account: Account, payment: str, offsets: Iterable[int]) -> None:
        """These paise of the payment, all lying in the account, are kept under a lien."""
        wanted = {(payment, offset) for offset in offsets}
        pile = self.piles[account]
        kept = sorted((p for p in pile if p.past and p.past[-1] in wanted), key=lambda p: p.past[-1][1])
        assert len(kept) == len(wanted)
        self.piles[account] = [p for p in pile if not (p.past and p.past[-1] in wanted)]
        self.held[lien] = (account, kept)

    def kept(self, lien: str) -> list[int]:
        """Offsets a lien keeps."""
        return [p.past[-1][1] for p in self.held.get(lien, (None, []))[1]]

    def _let_go(self, lien: str, offsets: Iterable[int]) -> tuple[Account, list[Paisa]]:
        account, kept = self.held[lien]
        wanted = set(offsets)
        going = [p for p in kept if p.past[-1][1] in wanted]
        self.held[lien] = (account, [p for p in kept if p.past[-1][1] not in wanted])
        return account, going

    def release(self, lien: str, offsets: Iterable[int]) -> None:
        """Held paise are the holder's again: on top, lowest first."""
        account, going = self._let_go(lien, offsets)
        self.piles[account] += going

    def restore(self, lien: str, offsets: Iterable[int], payment: str) -> None:
        """Held paise leave for the victim's account."""
        _, going = self._let_go(lien, offsets)
        self.restored |= {p.past[-1] for p in going}
        self._leave(going, payment, range(len(going)))

    def everything(self) -> list[tuple[str, Paisa]]:
        """Each paisa with the word for where it is."""
        found = [("here", paisa) for pile in self.piles.values() for paisa in pile]
        found += [("held", paisa) for _, kept in self.held.values() for paisa in kept]
        found += [("flying", paisa) for flying in self.flying.values() for paisa in flying]
        return found + [("gone", paisa) for paisa in self.gone]
