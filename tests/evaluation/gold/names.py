"""Whether two names are one: states by their code, all others when one holds the other with few words more."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

LEGAL_FORMS = frozenset(
    ["co", "ltd", "limited", "inc", "llc", "corp", "corporation", "company", "plc", "gmbh", "pte", "jsc", "ooo", "sdn", "bhd"]
)
GENERIC = frozenset(
    [
        "bank",
        "company",
        "trading",
        "group",
        "shipping",
        "korea",
        "corporation",
        "firm",
        "ship",
        "vessel",
        "tanker",
        "ministry",
        "government",
        "report",
        "officials",
        "north",
        "united",
    ]
)
STATES = """
KP north korea, dprk, democratic people s republic of korea; KR south korea, republic of korea; RU russia, russian federation; CN china, prc
US united states, us, usa, united states of america; GB united kingdom, uk, britain; AE united arab emirates, uae; CZ czechia, czech republic
JP japan; MM myanmar, burma; SY syria; IR iran; IT italy; LY libya; SD sudan; ZW zimbabwe; ZM zambia; AO angola; TZ tanzania; GN guinea
GQ equatorial guinea; NA namibia; SN senegal; CD democratic republic of the congo, dr congo, congo; LA laos; KH cambodia; ID indonesia
LK sri lanka; MN mongolia; BG bulgaria; TO tonga; NR nauru; MY malaysia; SG singapore; DE germany; FR france; AT austria; CH switzerland
PH philippines; VN vietnam; TW taiwan; HK hong kong; BY belarus; UA ukraine; EE estonia; KE kenya; DK denmark; MT malta; EG egypt; BO bolivia
"""


@cache
def _codes() -> dict[str, str]:
    """Every name of a state, and its code itself."""
    codes = {}
    for entry in re.split(r"[;\n]", STATES):
        code, _, names = entry.strip().partition(" ")
        codes.update({fold(name): code for name in (code, *names.split(",")) if name})
    return codes


@cache
def fold(name: str) -> str:
    """Lower case, one space between words, without article and legal form."""
    words = re.sub(r"[^\w]+", " ", unicodedata.normalize("NFKC", name).casefold()).split()
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        words.pop()
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


@cache
def is_same(said: str, wanted: str, extra: int = 2) -> bool:
    """Equal states, or one name holds the other as whole words with at most ``extra`` words more."""
    one, other = fold(said), fold(wanted)
    if not one or not other or len(one.split()) > 8:
        return False
    codes = _codes()
    if one in codes or other in codes:
        return codes.get(one, one) == codes.get(other, other)
    short, long = sorted((one, other), key=len)
    if short == long:
        return True
    is_telling = len(short) >= 4 and short not in GENERIC
    return is_telling and f" {short} " in f" {long} " and len(long.split()) - len(short.split()) <= extra
