"""The law that the text itself names: the resolution cited for a claim, and under whose law it is alleged."""

from __future__ import annotations

import re

_NUMBERS = r"(1718|1874|2087|2094|2270|2321|2356|2371|2375|2397)"
_RESOLUTION = re.compile(
    rf"\b(?:[Rr]esolutions?|UNSCR|UNSC|SCR|[Rr]es\.?|текст|резолюци\w+|決議|결의)(?: No\.?| number| \(?UNSCR\)?)?[ ,]{{0,2}}{_NUMBERS}(?!\d)|(?:paragraph|article|OP) ?\d{{1,2}} of (?:the )?{_NUMBERS}(?!\d)|(?:决议|決議|결의)\s*第?\s*{_NUMBERS}|第\s*{_NUMBERS}|{_NUMBERS}\s*(?:号|號|호)"
)
_UN_WORDS = re.compile(r"\b(?:UN|U\.N\.|United Nations|Security Council|UNSC)\b|[Rr]esolutions?\b")
_REGIMES = (
    (
        "US",
        re.compile(
            r"\b(?:OFAC|Treasury|US sanctions|U\.S\. sanctions|American sanctions|Justice Department|Department of Justice|indict\w*|federal (?:court|prosecutors|judge)|FBI|wire[- ]fraud|IEEPA)\b"
        ),
    ),
    ("EU", re.compile(r"\b(?:EU sanctions|European Union sanctions|EU regulation)\b")),
    (
        "KR",
        re.compile(
            r"\b(?:South Korea's (?:own|unilateral) sanctions|Seoul's (?:own|unilateral) sanctions|Inter-Korean Exchange)\b"
        ),
    ),
    ("JP", re.compile(r"\b(?:Japan's own sanctions|Japanese sanctions|Foreign Exchange (?:and Foreign Trade )?(?:Act|Law))\b")),
)


def cited_resolutions(text: str) -> list[str]:
    """The numbers of the resolutions on North Korea that a text names, in order."""
    found = [next(group for group in match.groups() if group) for match in _RESOLUTION.finditer(text)]
    return list(dict.fromkeys(found))


def cited_rule(sentences: list[str]) -> str:
    """As in "UNSCR 2375" where one of the sentences names a resolution, the first sentence's first; else ""."""
    for sentence in sentences:
        numbers = cited_resolutions(sentence)
        if numbers:
            return f"UNSCR {numbers[0]}"
    return ""


def regime(sentences: list[str], context: str) -> str:
    """Whose law a claim is alleged under: UN unless the sentences, and the article around them, speak of a state's own law only."""
    own = " ".join(sentences)
    if _UN_WORDS.search(own):
        return "UN"
    for name, pattern in _REGIMES:
        if pattern.search(own) and not _UN_WORDS.search(context):
            return name
    return "UN"
