"""One sentence a rule, for a judge: what the rule assumes about money that was mixed.

The cases and statutes each rule is known from, and what speaks against it: docs/decisions/0006.
"""

from __future__ import annotations

from thaam.language.text import Text

EXPLAINED: dict[str, Text] = {
    "lifo": Text(
        hi="जो पैसा सबसे बाद में आया, वही सबसे पहले गया माना जाता है; रोक इसी नियम से लगती है और हर पैसा एक ही जगह गिना जाता है।",
        en="What came in last is taken to have left first; holds follow this rule, each paisa counted once.",
    ),
    "fifo": Text(
        hi="जो पैसा सबसे पहले आया, वही सबसे पहले गया माना जाता है (क्लेटन का नियम); खाते में पहले से पड़ा पैसा पहले निकलता है।",
        en="What came in first is taken to have left first (Clayton's rule); money that was there before leaves first.",
    ),
    "next-debits": Text(
        hi="शिकायत का पैसा आने के बाद जो भी भुगतान निकले, वे पूरी रकम तक उसी पैसे से हुए माने जाते हैं।",
        en="Whatever left after the stolen money came is taken to be that money, until the whole sum has left.",
    ),
    "libr": Text(
        hi="ठग पहले अपना पैसा खर्च करता है; दावा तभी घटता है जब खाते की बाकी रकम दावे से नीचे जाए।",
        en="The wrongdoer spends his own money first; the claim shrinks only when the balance falls below it.",
    ),
    "pro-rata": Text(
        hi="हर भुगतान में शिकायत का पैसा उसी अनुपात में गया माना जाता है जिस अनुपात में वह खाते में था; एक रुपये से कम नहीं गिना जाता।",
        en="Each payment carries the stolen money in the share it had in the account; less than a rupee is left out.",
    ),
    "poison": Text(
        hi="जिस खाते तक पैसा पहुँच सकता था, उसकी पूरी बाकी रकम; यह केवल ऊपरी सीमा है, किसी रोक का आधार नहीं।",
        en="The whole balance of every account the money could have reached: an upper bound, no ground for a hold.",
    ),
}
