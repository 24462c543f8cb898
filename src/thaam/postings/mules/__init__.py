"""Finding accounts that are used to move other people's money, from a bank's own postings.

Twelve behaviours, each a number with a sentence behind it; no labels, no training. It runs inside the bank
(the node may import it); only an officer's decision leaves it, as a signed `SuspiciousAccount`.
"""
