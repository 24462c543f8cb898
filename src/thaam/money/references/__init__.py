"""Numbers and names people type for money: one table of recognisers for pages, console, imports and API.

`recognise(typed)` says what something looks like in a sentence of both languages. It never refuses: a check
lowers error, it is not proof. Shapes and their sources: docs/references.md.
"""

from thaam.money.references.recognising import Kind, Recognised, recognise
from thaam.money.references.vpa import Vpa, vpa_of

__all__ = ["Kind", "Recognised", "Vpa", "recognise", "vpa_of"]
