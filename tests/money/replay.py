"""The lot definition, played out paisa by paisa: no levels, no ranges, no pointers.

Every paisa of every payment is its own token `(payment, offset)`. An account is a list of tokens; a
credit appends its tokens, a debit pops as many from the end (LIFO) or takes them from the front
(FIFO). The tests compare the arithmetic of `thaam.money` with what became of every single token.
"""

from __future__ import annotations

Token = tuple[str, int]
Fate = tuple  # ("here",) ("out", payment, offset) ("held", hold) ("overdraft",) ("given_back", payment, offset)
# ("restored", hold) ("broken", hold)


def paise_of(payment: str, amount: int, lo: int = 0) -> list[Token]:
    """Tokens of a payment, lowest first."""
    return [(payment, lo + i) for i in range(amount)]


class PaisaAccount:
    """One account. With a stated opening, money that is not there is owed and the next credit repays it."""

    def __init__(self, *, stated: int | None = None, fifo: bool = False, before: int = 0) -> None:
        own = before if stated is None else max(0, stated)
        self.pile: list[Token | None] = [None] * own
        self.owed = 0 if stated is None else max(0, -stated)
        self.stated = stated is not None
        self.fifo = fifo
        self.fate: dict[Token, Fate] = {}

    def credit(self, tokens: list[Token]) -> None:
        for token in tokens:
            if self.owed:
                self.owed -= 1
                self.fate[token] = ("overdraft",)
            else:
                self.pile.append(token)
                self.fate[token] = ("here",)

    def _next(self) -> Token | None:
        if not self.pile:
            if self.stated:
                self.owed += 1
            return None
        return self.pile.pop(0 if self.fifo else -1)

    def debit(self, tokens: list[Token]) -> None:
        """LIFO: the topmost paisa here becomes the topmost of the payment. FIFO: the oldest the lowest."""
        for payment, offset in tokens if self.fifo else reversed(tokens):
            token = self._next()
            if token is not None:
                self.fate[token] = ("out", payment, offset)

    def hold(self, tokens: list[Token], hold: str) -> None:
        for token in tokens:
            self.pile.remove(token)
            self.fate[token] = ("held", hold)

    def release(self, tokens: list[Token]) -> None:
        self.credit(tokens)

    def end(self, tokens: list[Token], fate: str, hold: str, *, taken_again: bool) -> None:
        """Held paise were paid back or lost. `taken_again`: the debit that took them came off the pile as well, so as
        many come back on top, nobody's."""
        for token in tokens:
            self.fate[token] = (fate, hold)
        for _ in tokens if taken_again else ():
            if self.owed:
                self.owed -= 1
            else:
                self.pile.append(None)

    def refund(self, back: list[Token], tokens: list[Token]) -> None:
        """`back[i]` of the payment goes home as `tokens[i]`; what is not here any more is made up like a debit."""
        missing = []
        for token, refund in zip(back, tokens, strict=True):
            if token in self.pile:
                self.pile.remove(token)
                self.fate[token] = ("given_back", *refund)
            else:
                missing.append(refund)
        self.debit(missing)
