"""Invented people, in both languages; any likeness to a living person is chance."""

from __future__ import annotations

import random

from thaam.language.text import Text

_FIRST = (
    ("आशा", "Asha"), ("बाबूलाल", "Babulal"), ("चारु", "Charu"), ("देवी", "Devi"), ("इमरान", "Imran"),
    ("फ़रीदा", "Farida"), ("गोपाल", "Gopal"), ("हेमलता", "Hemlata"), ("ईश्वर", "Ishwar"), ("जसप्रीत", "Jaspreet"),
    ("कमला", "Kamla"), ("लखन", "Lakhan"), ("मीना", "Meena"), ("नसीम", "Naseem"), ("ओमप्रकाश", "Omprakash"),
    ("पूजा", "Pooja"), ("रहमत", "Rahmat"), ("सुनीता", "Sunita"), ("तुलसी", "Tulsi"), ("उमेश", "Umesh"),
    ("विमला", "Vimla"), ("यशोदा", "Yashoda"), ("ज़ाहिद", "Zahid"), ("अनीता", "Anita"),
)  # fmt: skip
_LAST = (
    ("वर्मा", "Verma"), ("साहू", "Sahu"), ("यादव", "Yadav"), ("खान", "Khan"), ("निषाद", "Nishad"),
    ("देवांगन", "Dewangan"), ("मिश्रा", "Mishra"), ("गुप्ता", "Gupta"), ("कौर", "Kaur"), ("पटेल", "Patel"),
    ("बघेल", "Baghel"), ("अंसारी", "Ansari"), ("सोनी", "Soni"), ("ठाकुर", "Thakur"), ("डिसूज़ा", "D'Souza"),
)  # fmt: skip


def person(rng: random.Random) -> Text:
    """A first and a last name."""
    first, last = rng.choice(_FIRST), rng.choice(_LAST)
    return Text(hi=f"{first[0]} {last[0]}", en=f"{first[1]} {last[1]}")


def mobile(number: int) -> str:
    """The mobile number of the person with this number: ten digits beginning with 6."""
    return f"6{number % 10**9:09d}"
