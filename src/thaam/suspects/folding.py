"""Names of people across scripts and spellings: साइबर/साईबर, MOHD RAFIQ / मोहम्मद रफ़ीक fold to the same letters.

A fold is for finding candidates; a person decides whether two names are one human being.
"""

from __future__ import annotations

import re
import unicodedata

_VOWELS = {
    "अ": "a",
    "आ": "a",
    "इ": "i",
    "ई": "i",
    "उ": "u",
    "ऊ": "u",
    "ऋ": "ri",
    "ए": "e",
    "ऐ": "e",
    "ओ": "o",
    "औ": "o",
    "ऑ": "o",
}
_SIGNS = {
    "ा": "a",
    "ि": "i",
    "ी": "i",
    "ु": "u",
    "ू": "u",
    "ृ": "ri",
    "े": "e",
    "ै": "e",
    "ो": "o",
    "ौ": "o",
    "ॉ": "o",
}
_CONSONANTS = {
    "क": "k",
    "ख": "k",
    "ग": "g",
    "घ": "g",
    "ङ": "n",
    "च": "c",
    "छ": "c",
    "ज": "j",
    "झ": "j",
    "ञ": "n",
    "ट": "t",
    "ठ": "t",
    "ड": "d",
    "ढ": "d",
    "ण": "n",
    "त": "t",
    "थ": "t",
    "द": "d",
    "ध": "d",
    "न": "n",
    "प": "p",
    "फ": "p",
    "ब": "b",
    "भ": "b",
    "म": "m",
    "य": "y",
    "र": "r",
    "ल": "l",
    "व": "v",
    "श": "s",
    "ष": "s",
    "स": "s",
    "ह": "h",
}
_TITLES = {
    "sri",
    "srimati",
    "sriman",
    "kumari",
    "dr",
    "mr",
    "mrs",
    "ms",
    "so",
    "do",
    "wo",
    "late",
    "adv",
    "urp",
    "alias",
    "miss",
}
# Spoken and written short forms, after folding.
_SAME = {
    "md": "muhamad",
    "mohd": "muhamad",
    "mohamad": "muhamad",
    "mohamed": "muhamad",
    "muhamed": "muhamad",
    "mohamud": "muhamad",
    "mohmad": "muhamad",
    "muhmad": "muhamad",
    "kr": "kumar",
    "kumr": "kumar",
    "sk": "sek",
    "seik": "sek",
    "saik": "sek",
    "sing": "sing",
    "sinh": "sing",
    "ab": "abdul",
    "chodri": "codri",
    "caudri": "codri",
}


def fold_name(typed: str) -> str:
    """Latin letters of a name's sound, words in alphabetical order; "" when nothing of a name is left."""
    words = []
    for word in re.findall(r"[^\W\d_]+(?:['’.]?[^\W\d_]+)*", in_latin(typed)):
        folded = _sound(re.sub(r"['’.]", "", word))
        folded = _SAME.get(folded, folded)
        if folded and folded not in _TITLES:
            words.append(folded)
    return " ".join(sorted(words))


def names_agree(one: str, other: str) -> bool:
    """True when the folds are equal, or differ by one letter in long words, or one name leaves out words of the
    other (at least one word of four letters must agree)."""
    mine, theirs = fold_name(one).split(), fold_name(other).split()
    if not mine or not theirs:
        return False
    few, many = sorted((mine, theirs), key=len)
    left = list(many)
    long_agrees = False
    for word in few:
        match = next((candidate for candidate in left if _near(word, candidate)), None)
        if match is None:
            return False
        left.remove(match)
        long_agrees |= len(word) >= 4
    return long_agrees and (len(few) == len(many) or len(few) >= 2)


def _near(one: str, other: str) -> bool:
    if one == other:
        return True
    if len(one) == 1 or len(other) == 1:
        return one[0] == other[0]
    if min(len(one), len(other)) >= 4 and one[0] == other[0] and _bones(one) == _bones(other):
        return _distance(one, other) <= 1
    return min(len(one), len(other)) >= 5 and abs(len(one) - len(other)) <= 1 and _distance(one, other) <= 1


def _bones(word: str) -> str:
    return re.sub(r"[aeiou]", "", word)


def _distance(one: str, other: str) -> int:
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        fresh = [place]
        for column, sign in enumerate(other, 1):
            fresh.append(min(row[column] + 1, fresh[-1] + 1, row[column - 1] + (letter != sign)))
        row = fresh
    return row[-1]


def in_latin(typed: str) -> str:
    """Devanagari to plain Latin letters (inherent a, dropped at the end of a word); other accents removed."""
    text = unicodedata.normalize("NFD", typed).replace("\u093c", "")
    out: list[str] = []
    pending = False  # an inherent "a" not yet written
    for sign in unicodedata.normalize("NFC", text):
        if sign in _CONSONANTS:
            out.append(("a" if pending else "") + _CONSONANTS[sign])
            pending = True
        elif sign in _SIGNS:
            out.append(_SIGNS[sign])
            pending = False
        elif sign == "\u094d":
            pending = False
        elif sign in ("\u0902", "\u0901"):
            out.append(("a" if pending else "") + "n")
            pending = False
        elif sign in _VOWELS:
            out.append(("a" if pending else "") + _VOWELS[sign])
            pending = False
        else:
            pending = False
            out.append(sign)
    plain = unicodedata.normalize("NFD", "".join(out))
    return "".join(letter for letter in plain if unicodedata.category(letter) != "Mn").lower()


_RULES = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        (r"x", "ks"),
        (r"que?$", "k"),
        (r"q", "k"),
        (r"^(?:jn|dny)", "gy"),
        (r"ow(?![aeiou])|aw(?![aeiou])", "au"),
        (r"w", "v"),
        (r"z", "j"),
        (r"f", "p"),
        (r"sh|shh", "s"),
        (r"ch+", "c"),
        (r"ph", "p"),
        (r"ck", "k"),
        (r"c(?=[eiy]|$)", "c"),
        (r"(?<=[bdgjkprt])h", ""),
        (r"ee|ie|ey|ii|y(?=$)", "i"),
        (r"oo|uu", "u"),
        (r"ai|ay|ei|ae", "e"),
        (r"au|ou", "o"),
        (r"aa+", "a"),
        (r"m(?=[pb])", "n"),
        (r"(.)\1+", r"\1"),
        (r"a$", ""),
    )
)


def _sound(word: str) -> str:
    for pattern, to in _RULES:
        word = pattern.sub(to, word)
    return word
