"""Whose message is it? The sender's header where there is one, else the bank that signs or owns the account.

Names and codes of banks come from `banks.csv` (open IFSC data, see docs/licences.md); headers and spoken names
are the table below. Codes are the first four letters of the bank's IFSC; issuers without an IFSC have a code of ours.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class BankRow:
    """A row of the table of banks: IFSC letters, English name, kind (PSB, Private, SFB, PB, RRB, O-UCB ...),
    issuer identification number ("" unknown), whether it is live on UPI (None unknown)."""

    code: str
    name: str
    kind: str
    iin: str
    upi: bool | None


@cache
def bank_table() -> dict[str, BankRow]:
    """All banks with an IFSC, by code; read once (about 1,500 rows)."""
    with (files("thaam.reading") / "banks.csv").open(encoding="utf-8") as lines:
        return {
            row["code"]: BankRow(
                row["code"], row["name"], row["type"], row["iin"], {"1": True, "0": False}.get(row["upi"])
            )
            for row in csv.DictReader(lines)
        }


# code | pieces of a sender header | words in the text (regular expressions). First match wins, so narrower names stand first.
_ISSUERS = """
SBICARD|SBICRD,SBICARD,SBICC|sbi\\s*credit\\s*card,sbi\\s*card(?!holder),sbicard
SBIN|SBI,CBSSBI,ATMSBI,SBYONO,YONO|\\bsbi\\b,state\\s+bank\\s+of\\s+india,sbidrcard,भारतीय स्टेट बैंक,एसबीआई
HDFC|HDFC|hdfc\\s*bank,hdfcbank,\\bhdfc\\b,एचडीएफसी
ICIC|ICICI,ICICT|icici,आईसीआईसीआई
UTIB|AXIS|axis\\s*bank,\\baxis\\b,एक्सिस
KKBK|KOTAK,KTKBNK|kotak,कोटक
PUNB|PNB|\\bpnb\\b,punjab\\s+national,पंजाब नेशनल,पीएनबी
BARB|BOB,BARODA|bank\\s+of\\s+baroda,\\bbob\\b,bobcard,बैंक ऑफ बड़ौदा,बड़ौदा
CNRB|CANBNK,CANARA,CANBK|canara,केनरा
UBIN|UNION,UBOI,UNIONB|(?<!city )union\\s+bank,\\bubi\\b,यूनियन बैंक
BKID|BOIIND,BOI,BANKIN|bank\\s+of\\s+india(?<!state bank of india)(?<!union bank of india)(?<!central bank of india),-\\s?boi\\b,\\bboi\\b,बैंक ऑफ इंडिया
IBKL|IDBI|idbi,आईडीबीआई
INDB|INDUS,INDUSB|indusind,indus\\s*ind,इंडसइंड
YESB|YESBNK,YESBK|yes\\s*bank,येस बैंक
FEDERALONE|ONECRD,ONECARD|onecard,one\\s+credit\\s+card,\\bbobcard\\s+one\\b
FDRL|FEDBNK,FEDFIB,FEDERA,FEDBK|federal\\s*bank,फेडरल
IDFB|IDFC|idfc
AUBL|AUBANK,AUBSMS,AUSFB|au\\s+bank,au\\s+small\\s+finance,\\bau\\s+sfb
BDBL|BANDHN,BDNSMS,BANDHAN|bandhan,बंधन
SIBL|SIBSMS,SIBL,SIBANK,SIBBNK|south\\s+indian\\s+bank,\\bsib\\b
KARB|KBLBNK,KARBNK,KTKBK,KBANKK|karnataka\\s+bank
KVBL|KVBANK,KVBSMS,KVB|karur\\s+vysya,\\bkvb\\b
CIUB|CUBANK,CUBLTD,CUBSMS,CUB|city\\s+union,\\bcub\\b
DCBL|DCBANK,DCBBNK,DCB|dcb\\s*bank,\\bdcb\\b
RATN|RBLBNK,RBLCRD,RBL|\\brbl\\b
JAKA|JKBANK,JKBNKL,JKB|j\\s?&\\s?k\\s+bank,jammu\\s+(?:and|&)\\s+kashmir,\\bjkb\\b
IDIB|INDBNK,INDBMK,INDIANB|(?<!south )indian\\s+bank,इंडियन बैंक
IOBA|IOBCHN,IOBBNK,IOB|indian\\s+overseas,\\biob\\b,इंडियन ओवरसीज
UCBA|UCOBNK,UCOBK,UCO|\\buco\\b,यूको
CBIN|CENTBK,CBOI,CENTRL|central\\s+bank\\s+of\\s+india,\\bcboi\\b,\\bcbi\\b,सेंट्रल बैंक
MAHB|MAHABK,MAHBNK,BOMBNK|bank\\s+of\\s+maharashtra,mahabank,\\bmahb\\b,बैंक ऑफ महाराष्ट्र
PSIB|PSBANK,PSBBNK,PNSBNK|punjab\\s*(?:and|&)\\s*sind,p\\s?&\\s?s\\s+bank,\\bpsb\\b
JIOP|JIOPBS,JIOPAY,JIOPB|jio\\s+payments,\\bjpb\\b,\\bjiofinance
AIRP|AIRBNK,AIRTEL,AIRPBK|airtel\\s+payments?\\s+bank,airtel\\s+bank,airtel\\s+money
FINO|FINOPB,FINOBK,FINO|\\bfino\\b
IPOS|IPBMSG,IPPB,IPBANK|\\bippb\\b,india\\s+post\\s+payments
PYTM|PAYTM,PYTM,PPBL,IPAYTM|paytm,\\bppbl\\b,पेटीएम
AMAZONPAY|AMZNPY,AMAZON,APAY|amazon\\s*pay
PHONEPE|PHONPE,PHONEP|phonepe,फोनपे
AMEX|AMEXIN,AMEX,MYAMEX|\\bamex\\b,american\\s+express
SCBL|SCBANK,STANCH,SCBL,SCBIND|stan\\s*chart,standard\\s+chartered,\\bscb\\b
HSBC|HSBC|\\bhsbc\\b
CITI|CITIBK,CITIBA,CITI|\\bciti(?:bank)?\\b
DBSS|DBSBNK,DIGIBK,DBSBK,DBS|\\bdbs\\b,digibank
UJVN|UJJIVN,UJVNSF,UJJIVAN|ujjivan
ESFB|EQUTAS,EQUIBK,ESFBNK,EQITAS|equitas
JSFB|JANABK,JANSFB,JANABN|jana\\s+(?:small|bank|sfb)
UTKS|UTKSFB,UTKRSH,UTKBNK|utkarsh
SRCB|SARBNK,SARSWT,SRCBNK,SARASW|saraswat
TJSB|TJSB|\\btjsb\\b
SVCB|SVCBNK,SVCBK,SVC|svc\\s+(?:co-?op|bank)
COSB|COSMOS|cosmos
CSBK|CSBBNK,CSBANK|\\bcsb\\b,jupiter
TMBL|TMBANK,TMBNK,TMBL|tamilnad\\s+mercantile,\\btmb\\b
DLXB|DHANBK,DLXBNK|dhanlaxmi
SURY|SURYBK,SURYDY|suryoday
ESMF|ESAFBK,ESAFSF|\\besaf\\b
CLBL|CAPSFB,CPTLBK|capital\\s+small\\s+finance
NSPB|NSDLPB|nsdl\\s+payments
SLICE|SLICEI,SLICE,SLCEIT|\\bslice\\b
JUPITER|JUPITR,JTEDGE|jupiter
LAZYPAY|LZYPAY|lazypay
MOBIKWIK|MOBIKW,MOBKWK|mobikwik
FREECHARGE|FRCHRG,FREECH|freecharge
CREDAPP|CREDIN,CREDCL|\\bcred\\b
APGB|APGBNK|andhra\\s+pragathi
KVGB|KVGBNK|karnataka\\s+vikas
CRGB|CRGBNK|chhattisgarh\\s+(?:rajya\\s+)?gramin
RRB|GRAMIN,GRMBNK|gram(?:in|een)a?\\s+bank,ग्रामीण बैंक
COOP|NAGRIK,SAHKRI|co-?op(?:erative)?\\.?\\s+bank,sahakari\\s+bank,nagrik\\s+bank,सहकारी बैंक,नागरिक बैंक
"""


@dataclass(frozen=True, slots=True)
class _Issuer:
    code: str
    headers: tuple[str, ...]
    words: re.Pattern[str]


_TABLE = tuple(
    _Issuer(code, tuple(headers.split(",")), re.compile("(?i)" + "|".join(f"(?:{word})" for word in words.split(","))))
    for code, headers, words in (line.split("|", 2) for line in _ISSUERS.strip().splitlines())
)


def header_of(sender: str) -> str | None:
    """The registered header inside "VM-HDFCBK-S", "AD-SBIUPI", "HDFCBK"; None for a phone number."""
    parts = [part for part in re.split(r"[^A-Za-z0-9]+", sender.upper()) if part]
    if not parts or re.fullmatch(r"\d{6,}", "".join(parts)):
        return None
    return max(parts, key=len)


def is_phone_number(sender: str) -> bool:
    """True for a sender that is a subscriber's number: banks in India do not write from one."""
    digits = re.sub(r"\D", "", sender)
    return not re.search(r"[A-Za-z]", sender) and bool(re.fullmatch(r"(?:0|91|0091)?[6-9]\d{9}", digits))


def bank_by_sender(sender: str) -> str | None:
    """Bank code of a sender header, or None."""
    header = header_of(sender) if sender else None
    if header is None:
        return None
    for exact in (True, False):
        for issuer in _TABLE:
            for piece in issuer.headers:
                if header == piece if exact else header.startswith(piece):
                    return issuer.code
    return next(
        (issuer.code for issuer in _TABLE for piece in issuer.headers if len(piece) > 3 and piece in header), None
    )


def bank_in(text: str, account_at: int | None) -> tuple[str, int, int] | None:
    """Bank named in the text and where: just before the own account, else the signature at the end, else first."""
    named = [(issuer.code, match.start(), match.end()) for issuer in _TABLE for match in issuer.words.finditer(text)]
    if not named:
        return None
    if account_at is not None:
        beside = [found for found in named if 0 <= account_at - found[2] <= 24]
        if beside:
            return max(beside, key=lambda found: (found[1], -named.index(found)))
    last = [found for found in named if len(text.rstrip()) - found[2] <= 3]
    return last[0] if last else min(named, key=lambda found: (found[1], named.index(found)))
