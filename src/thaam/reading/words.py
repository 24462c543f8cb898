"""The verbs of bank messages: which mean money out, which money in, and which say that it is already done."""

from __future__ import annotations

import re

OUT = (
    r"debited|debted|deducted|withdrawn|withdrew|spent|paid|sent|charged|"
    r"purchased|taken|transferred|transfered|trf(?:d|ed)?|tfr(?:d)?|remitted|swiped|auto-?debited|recharged"
)
IN = r"credited|received|recd|rcvd|recieved|deposited|refunded|reversed|come\s+into|loaded|topped[\s-]?up"
WEAK_OUT = (
    r"withdrawal|w/d|wdl|debit|purchase|txn|trxn|transaction|used|payment|spend|availed|utili[sz]ed|booked|redeemed|bought|"
    r"autopay|transfer|using|done|made"
)
WEAK_IN = r"refund|reversal|credit|deposit|added|salary|cashback|interest"
# Hindi has no word boundary that Python's \b would see (vowel signs are not letters to it).
HINDI_OUT = (
    r"\bkat(?:e|a|i)?\s+(?:gaye|gaya|gayi|gye|gae|liye)|\bnikal(?:e|a|i)\b|\bbhej(?:e|a|i)\b|\bnikasi\b|\bnikale\s+gaye\b|\bkharch\b|\bbhugtan\b|डेबिट|काट(?:े|ी|ा)? ?(?:गए|गये|गई|गया|लिए|लिया)|कट(?:े|ा|ी)? ?(?:गए|गये|गई|गया|हैं|है)|कटौती|निकाल(?:े|ी|ा)? ?(?:गए|गये|गई|गया)?|"
    r"निकास|आहरण|आहरित|निकासी|भेजे|भेजी|भुगतान|खर्च|ख़र्च|घटाए|घटाये|नामे|अंतरित|ट्रांसफर"
)
HINDI_IN = r"\bjama\b|\bprapt\b|\bmile\s+hai|\baaye\s+hai|क्रेडिट|जमा|प्राप्त|आए हैं|आये हैं|वापस किए|रिफंड|रिफ़ंड"

DONE = re.compile(rf"(?i)\b(?:{OUT}|{IN}|debit|credit|purchase|withdrawal)\b|\b(?:dr|cr)\b\.?|{HINDI_OUT}|{HINDI_IN}")
"""Any verb a payment can hang on; used to tell which sum it belongs to."""

MODAL = re.compile(
    r"(?i)(?:\bwill\b|\bwould\b|\bshall\b|\bto\s+be\b|\bcan\s+be\b|\bmay\s+be\b|\bmight\b|\bgoing\s+to\b|\bis\s+being\b|\bcould\b|\bget\b|\bonce\b|\bwhen\b|\bif\b|\bscheduled\b|\bdue\b)"
    r"[\w\s',/-]{0,28}$|\b(?:kindly|please|pls|plz)\s+(?:\w+\s+)?$"
)
"""Before a verb: it has not happened (yet)."""

NEGATED = re.compile(
    r"(?i)(?:\bnot\b|n't|\bunable\b|\bnever\b|\bcannot\b)[\w\s]{0,16}$|\b(?:forms?|application|request|complaint|documents?)\b[\w\s]{0,12}$"
)
