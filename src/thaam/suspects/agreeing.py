"""Who may agree that an identifier serves fraud: to a mark, to a block, to a decision on a hearing."""

from __future__ import annotations

from thaam.language.text import Text
from thaam.parties.models import Officer

MAY_AGREE = frozenset({Officer.Role.INVESTIGATOR, Officer.Role.SUPERVISOR, Officer.Role.APPROVER})


class MayNotAgree(Exception):
    """Neither a bank nor an officer whose role may agree."""

    text = Text(
        "यह जाँच अधिकारी, पर्यवेक्षक या स्वीकृति अधिकारी ही कर सकते हैं, और अपने ही निशान पर नहीं।",
        "Only an investigator, supervisor or approver may do this, and not about a mark of their own.",
    )
