"""UPI handles: the part after @, the app that gives it and the bank behind it ("" not known to us).

Facts gathered from public UPI ids and apps; they age fast, so an unknown handle is unknown, not wrong.
"""

from __future__ import annotations

_ROWS = """
PhonePe: ybl=YESB ibl=ICIC axl=UTIB
Google Pay: okaxis=UTIB okhdfcbank=HDFC okicici=ICIC oksbi=SBIN okbizaxis=UTIB gpay=
Paytm: paytm=PYTM ptaxis=UTIB pthdfc=HDFC ptsbi=SBIN ptyes=YESB
Amazon Pay: apl=UTIB yapl=YESB rapl=RATN
WhatsApp: waaxis=UTIB wahdfcbank=HDFC waicici=ICIC wasbi=SBIN
BHIM: upi=
CRED: axisb=UTIB yescred=YESB
MobiKwik: ikwik=HDFC
Freecharge: freecharge=UTIB
Jupiter: jupiteraxis=UTIB
Navi: naviaxis=UTIB
super.money: superyes=YESB
Bajaj Finserv: abfspay=UTIB
Airtel: airtel=AIRP airtelpaymentsbank=AIRP apb=AIRP
Jio: jio=JIOP
Fino: finobank=FINO
Ezeepay: ezeepay= eazypay=ICIC
Cosmos: timecosmos=COSB
JSB: jsbp=JSBP
Birla: birla=
Purz: purz=IDFB
Lime: lime=UTIB
PayZapp: payzapp=HDFC
Pockets: pockets=ICIC
iMobile: imobile=ICIC
Yes: yesg=YESB yesbank=YESB yesbankltd=YESB
State Bank: sbi=SBIN
HDFC: hdfcbank=HDFC hdfcbankjd=HDFC rajgovhdfcbank=HDFC rmhdfc=HDFC
ICICI: icici=ICIC icicibank=ICIC icicipay=ICIC myicici=ICIC
Axis: axis=UTIB axisbank=UTIB axisgo=UTIB pingpay=UTIB
Kotak: kotak=KKBK kmb=KKBK kmbl=KKBK kaypay=KKBK
PNB: pnb=PUNB obc=PUNB united=PUNB utbi=PUNB
Baroda: barodampay=BARB barodapay=BARB denabank=BARB vijayabank=BARB vijb=BARB vjb=BARB
Canara: cnrb=CNRB synd=CNRB syndbank=CNRB syndicate=CNRB
Union: ubi=UBIN uboi=UBIN unionbank=UBIN unionbankofindia=UBIN andb=UBIN
Bank of India: boi=BKID
Indian Bank: indianbank=IDIB indbank=IDIB indianbk=IDIB allbank=IDIB albk=IDIB allahabadbank=IDIB
Central: cbin=CBIN cboi=CBIN centralbank=CBIN
IOB: iob=IOBA
UCO: uco=UCBA
Maharashtra: mahb=MAHB
Punjab & Sind: psb=PSIB
IDBI: idbi=IBKL idbibank=IBKL
IndusInd: indus=INDB
IDFC FIRST: idfc=IDFB idfcbank=IDFB idfcfirst=IDFB idfcnetc=IDFB cmsidfc=IDFB
Federal: federal=FDRL fbl=FDRL
AU: aubank=AUBL
Bandhan: bandhan=BDBL
South Indian: sib=SIBL
Karnataka: kbl=KARB karb=KARB kbl052=KARB
Karur Vysya: kvb=KVBL kvbank=KVBL karurvysyabank=KVBL
City Union: cub=CIUB
DCB: dcb=DCBL dcbbank=DCBL
RBL: rbl=RATN
J&K: jkb=JAKA
DBS: dbs=DBSS lvb=DBSS lvbank=DBSS
HSBC: hsbc=HSBC
Standard Chartered: sc=SCBL scb=SCBL scbl=SCBL scmobile=SCBL
Equitas: equitas=ESFB
Dhanlaxmi: dlb=DLXB
CSB: csbpay=CSBK csbcash=CSBK
Saraswat: srcb=SRCB
TJSB: tjsb=TJSB
"""


def _read() -> dict[str, tuple[str, str]]:
    table: dict[str, tuple[str, str]] = {}
    for line in _ROWS.strip().splitlines():
        app, _, pairs = line.partition(":")
        for pair in pairs.split():
            handle, _, bank = pair.partition("=")
            table[handle] = (app, bank)
    return table


HANDLES: dict[str, tuple[str, str]] = _read()
"""handle -> (app or bank that gives it, code of the bank behind it or "")."""
