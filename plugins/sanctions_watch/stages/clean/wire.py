"""Whose copy an article carries, as the agencies' own customs show it: datelines, bylines, end lines; and what a desk says of its dispatch.

That an article quotes an agency ("Reuters reported on Monday", "told AFP") credits nobody: only the first and last lines are looked at, and
there only the forms that agencies and the desks that print them use.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sanctions_watch.records import Notice, NoticeKind, WireCredit
from sanctions_watch.urls import site_of

# Every name an agency goes by in a credit. Acronyms are matched in their own case: "ANI" is an agency, "Ani" a name.
_NAMES: dict[str, tuple[str, ...]] = {
    "UPI": ("UPI", "United Press International"),
    "AFP": ("AFP", "Agence France-Presse", "Agence France Presse", "法新社", "АФП"),
    "AP": ("AP", "The Associated Press", "Associated Press", "美联社", "АП"),
    "Reuters": (
        "Reuters",
        "REUTERS",
        "Thomson Reuters",
        "ロイター",
        "로이터",
        "路透社",
        "Рейтер",
        "REUTERS STAFF",
        "Reuters Staff",
    ),
    "Yonhap": (
        "Yonhap",
        "YONHAP",
        "Yonhap News Agency",
        "Yonhap News",
        "연합뉴스",
        "聯合ニュース",
        "韩联社",
        "韓聯社",
        "Ёнхап",
        "Рёнхап",
    ),
    "Kyodo": ("Kyodo", "KYODO", "Kyodo News", "KYODO NEWS", "共同通信", "共同社", "共同", "교도통신", "교도", "Киодо"),
    "TASS": ("TASS", "ITAR-TASS", "Itar-Tass", "ТАСС", "ИТАР-ТАСС", "タス通信", "타스통신", "塔斯社"),
    "Xinhua": ("Xinhua", "XINHUA", "Xinhua News Agency", "新华社", "新華社", "신화통신", "신화", "Синьхуа"),
    "Interfax": ("Interfax", "INTERFAX", "INTERFAX.RU", "Интерфакс", "ИНТЕРФАКС"),
    "dpa": ("dpa", "DPA", "Deutsche Presse-Agentur"),
    "EFE": ("EFE", "Agencia EFE"),
    "ANI": ("ANI", "Asian News International"),
    "KCNA": ("KCNA", "Korean Central News Agency", "조선중앙통신", "朝鮮中央通信", "朝中社", "ЦТАК"),
    "RIA": ("RIA", "RIA Novosti", "РИА Новости", "РИА НОВОСТИ"),
}
_SITES = {
    "upi.com": "UPI", "afp.com": "AFP", "apnews.com": "AP", "ap.org": "AP", "reuters.com": "Reuters", "yna.co.kr": "Yonhap", "yonhapnews.co.kr": "Yonhap",
    "kyodonews.net": "Kyodo", "tass.com": "TASS", "tass.ru": "TASS", "xinhuanet.com": "Xinhua", "news.cn": "Xinhua", "interfax.ru": "Interfax",
    "interfax.com": "Interfax", "dpa.com": "dpa", "dpa-international.com": "dpa", "efe.com": "EFE", "aninews.in": "ANI", "kcna.kp": "KCNA", "ria.ru": "RIA",
}  # fmt: skip
_AGENCY = {name: agency for agency, names in _NAMES.items() for name in names}
_FOLDED = {name.casefold(): agency for name, agency in _AGENCY.items() if len(name) > 3 or not name.isascii()}
# The names, folded, that hold no other: where none of them stands, no agency is named.
_SHORT_NAMES = tuple(
    {
        name.casefold()
        for name in _AGENCY
        if not any(other.casefold() in name.casefold() and other.casefold() != name.casefold() for other in _AGENCY)
    }
)
_ANY = "|".join(re.escape(name) for name in sorted(_AGENCY, key=len, reverse=True))
_LATIN = "|".join(re.escape(name) for name in sorted(_AGENCY, key=len, reverse=True) if name[0].isascii())
_DASH = r"(?:--+|[—–―-]|:|\.-+)"

# ---------------------------------------------------------------- datelines

# Up to the agency: a place, a country, a date, in any order and language; nothing that could be a sentence.
_HEAD = r"(?P<place>[^()\[\]\n\"“”:;!?]{0,80}?)"
_DATELINES = tuple(
    re.compile(pattern)
    for pattern in (
        # SEOUL, Oct. 3 (Yonhap) -- | MOSCOW (AFP) – | Aug. 4 (UPI) -- | Washington [US], August 3 (ANI): | Seúl, 3 ago (EFE).-
        rf"(?P<place>[^()\[\]\n\"“”:;!?]{{0,80}}?(?:\([A-Z][A-Za-z .]{{2,30}}\))?)\s?(?:\[[A-Za-z .]{{2,30}}\][^()\n]{{0,25}}?)?\s*[(（](?P<names>[^()（）\n]{{2,60}})[)）]\s*{_DASH}{{1,2}}\s*",
        # BEIJING, Aug. 3 (Xinhua) with the dash lost, and a capital letter after it
        rf"(?P<place>[A-Z][A-Z .,'/-]{{2,50}}(?:,\s*[A-Z][a-z]{{2,8}}\.?\s\d{{1,2}})?)\s\((?P<names>{_LATIN})\)\s+(?=[A-Z\"“'‘])",
        # MOSCOW, August 3. /TASS/. | МОСКВА, 3 августа. /ТАСС/. | SEOUL, March 5 /Yonhap/ --
        rf"{_HEAD}\s*/(?P<names>[^/\n]{{2,40}})/\.?\s*(?:{_DASH}\s*)?",
        # TOKYO, Kyodo - | TOKYO, Aug. 3, Kyodo -- | МОСКВА, 4 авг — РИА Новости. | Moscow. Aug 3. INTERFAX.RU - | AFP - The ...
        rf"{_HEAD}(?:\A|[,.—–-]\s?|\s)(?P<names>{_ANY})\s*(?:{_DASH}|(?P<stop>[.,]))\s+(?=\S)",
        # (서울=연합뉴스) 김효정 기자 = | (도쿄 교도=연합뉴스) | [서울=연합뉴스]
        rf"[(\[](?P<place>[^()\[\]=\n]{{1,30}})\s?=\s?(?P<names>{_ANY})[)\]]\s*(?:[가-힣· ]{{2,20}}(?:특파원|기자)\s*=?\s*|=\s*)?",
        # 【ソウル共同】 | 【ワシントン＝共同】 | ［ソウル　３日　ロイター］－ | 【8月4日 AFP】 | 【共同社8月3日电】
        rf"[【\[［](?P<place>[^】\]］\n]{{0,30}}?)[＝=\s]?(?P<names>{_ANY})(?:[^】\]］\n]{{0,15}}[电電])?(?:[＝=]\w{{2,6}})?[】\]］]\s*(?:[-－―—]+\s*)?",
        # 新华社北京8月4日电 | 新华社平壤１月１日电（记者某某）| （法新社东京4日电）
        rf"[（(]?(?P<names>{_ANY})(?P<place>[^\d\s，。（(\n]{{1,8}})(?:\d{{1,2}}月)?\d{{1,2}}日[电電]\s?(?:[（(](?:记者|記者)[^）)\n]{{1,30}}[）)])?[）)]?\s?",
    )
)
# RIJEKA -- A North Korean officer ... : a house's own dateline names only the place.
# With a colon or a full stop ("SEOUL: The ...") it looks like a label, so the labels that desks set in capitals are left alone.
_PLACE_ONLY = re.compile(
    r"(?!(?:ANALYSIS|ADVISORY|BREAKING|CORRECTED|CORRECTION|COMMENT|CLARIFICATION|EDITORIAL|EXCLUSIVE|EXPLAINER|FACTBOX|LIVE|NATO|NOTE|OPINION|QUESTION|ANSWER|SPECIAL|UPDATE|URGENT|WARNING|WATCH)\b)"
    r"(?P<place>[A-Z][A-Z .'/-]{3,40}(?:,\s[A-Z][A-Za-z .]{2,25})?(?:,\s[A-Z][a-z]{2,8}\.?\s\d{1,2})?)(?:(?:\s?(?:--|[—–])\s?|:\s)(?=[A-Z\"“'‘\d])|\.\s(?=[A-Z\"“'‘]))"
)
# 中新社惠灵顿9月15日电: an agency that is none of those whose credit is kept
_CJK_HOUSE = re.compile(
    r"[一-鿿]{2,5}社(?P<place>[一-鿿]{2,8}?)(?:\d{1,2}月)?\d{1,2}日[电電](?:\s?[（(](?:记者|記者)[^）)\n]{1,30}[）)])?\s?"
)
_LOWER_WORDS = frozenset(
    {"de", "del", "la", "of", "the", "and", "du", "le", "en", "am", "on", "at", "sur", "von", "der", "da", "do", "al", "el", "y"}
)


@dataclass(frozen=True, slots=True)
class Dateline:
    """The opening of a dispatch: its stretch of the line, the place as written, the agency ("" for a house's own)."""

    end: int
    written: str
    place: str
    agency: str


def find_dateline(line: str) -> Dateline | None:
    """The dateline that ``line`` opens with, None without one."""
    head = line[:160]
    folded = head.casefold()
    for pattern in _DATELINES if any(name in folded for name in _SHORT_NAMES) else ():
        match = pattern.match(head)
        if match is None or not _is_place(match["place"]):
            continue
        if match.groupdict().get("stop") and not any(char.isdigit() for char in match["place"]):
            continue  # "In Seoul, Reuters." is a sentence; only after a date is a full stop a dateline's
        agency = _agency_in(match["names"])
        if agency:
            return Dateline(match.end(), match[0].strip(), match["place"].strip(" ,.-–—　=＝"), agency)
    match = _CJK_HOUSE.match(head) or _PLACE_ONLY.match(head)
    return Dateline(match.end(), match[0].strip(), match["place"].strip(), "") if match else None


def _is_place(text: str) -> bool:
    """Whether every word could belong to a place or a date: capitals, digits, months; at most nine of them."""
    found = text.replace(",", " ").replace("/", " ").split()
    return len(found) <= 9 and all(
        not word[0].islower() or word.strip(".").lower() in _LOWER_WORDS or bool(_MONTH_WORD.match(word)) for word in found
    )


_MONTH_WORD = re.compile(
    r"(?:янв|фев|мар|апр|ма[яй]|июн|июл|авг|сен|окт|ноя|дек|ene|feb|mar|abr|may|jun|jul|ago|sep|oct|nov|dic|janv|févr|avril|mai|juin|juil|août|déc"
    r"|jan|apr|aug|okt|dez|märz)\w{0,9}\.?\Z",
    re.IGNORECASE,
)


def _agency_in(names: str) -> str:
    """The agency of a credit's names ("Yonhap", "Xinhua/AP", "Joint Press Corps-Yonhap", "AP Photo" is none)."""
    whole = names.strip()
    if whole in _AGENCY:
        return _AGENCY[whole]
    if whole.casefold() in _FOLDED:
        return _FOLDED[whole.casefold()]
    parts = re.split(r"\s*(?:[/,;&＝=·]|\band\b|-(?=[A-Z]))\s*", whole)
    return next((_AGENCY[part.strip()] for part in parts if part.strip() in _AGENCY), "") if len(parts) > 1 else ""


# ---------------------------------------------------------------- bylines and end lines

_BY = re.compile(
    rf"(?:(?:by|from|source|via|courtesy of)\s*:?\s+)?(?:[^\n,|/()]{{2,60}}?\s*(?:[,|/]|\s[-–—]|\bof\b|\bfor\b|\bavec\b|\bmit\b)\s*)?(?:the\s+)?(?P<names>{_LATIN})"
    r"(?:\s+(?:writers?|staff(?: writers?| reporters?)?|correspondents?|reporters?|news agency))?"
    r"(?:\s*[,|·•–—-]?\s*(?:\w{3,9}\.?\s\d{1,2}\b.{0,30}|\d{1,2}\s\w{3,9}.{0,30}))?\s*\Z",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(
    rf"(?:copyright|\(c\)|©|ⓒ|저작권자)[\s\S]{{0,30}}?\b(?:the\s+)?(?P<names>{_LATIN}|연합뉴스)(?!\w)", re.IGNORECASE
)
_BRACKET = re.compile(r"[(\[（](?P<inner>[^()\[\]（）\n]{2,80})[)\]）]\W{0,2}\Z")
_WITH = re.compile(
    r"(?:with|from|source|via|compiled from|based on|con información de|avec|mit)\b(?:\s+(?:additional\s+)?(?:inputs?|reporting|reports?|files?|material|agency reports))?(?:\s+(?:from|by|of))?\s*:?\s*",
    re.IGNORECASE,
)
_ENDS_WITH = re.compile(
    rf"\A\W{{0,5}}(?:(?:source|from|via|quelle|fuente|mit material von|con información de|avec)\W{{0,3}})?(?P<names>{_LATIN})(?:/[\w/]{{1,12}}(?:\(\w{{1,4}}\))?)?\W{{0,5}}\Z",
    re.IGNORECASE,
)
_WRITERS = re.compile(
    r"(?:The\s)?(?P<names>Associated Press|AP|Reuters|AFP|Agence France-Presse)\s(?:\w+\s){0,3}(?:writers?|reporters?|correspondents?|journalists?)\s.{3,300}contributed",
    re.DOTALL,
)
# Only Reuters signs off like this.
_SIGN_OFF = re.compile(r"\W{0,3}(?:(?:Additional )?[Rr]eporting|(?:Writing|Editing|Compiled)) [Bb]y [^\n]{2,400}\W*\Z")
_EDITED = re.compile(r"\b[Ee]diting by\b|\b[Rr]eporting by\b.{2,300};")
_SIGN_OFF_LENGTH = 700
_TRUST = "Thomson Reuters Trust Principles"


def find_wire(
    lines: Sequence[str],
    *,
    byline: str = "",
    publisher: str = "",
    url: str = "",
    title: str = "",
    organisations: Sequence[str] = (),
    feed_credit: str = "",
    dateline: Dateline | None = None,
    tail: Sequence[str] = (),
) -> WireCredit | None:
    """The agency whose copy this is, and where that is said; None where nobody says it.

    ``lines`` is the report; ``dateline`` what it opened with, where that was already taken off, ``tail`` the credit and copyright lines that were.
    ``organisations`` are those of the page's JSON-LD (source organisation, author, publisher), ``feed_credit`` the feed's.
    """
    found = (
        dateline
        if dateline and dateline.agency
        else next((one for line in lines[:3] if (one := find_dateline(line)) and one.agency), None)
    )
    if found:
        return WireCredit(found.agency, "dateline", found.written, found.place)
    for written in (byline, *(line for line in lines[:3] if len(line) <= 90)):
        agency = credit_of(written)
        if agency:
            return WireCredit(agency, "byline", written)
    match = _BRACKET.search(title)
    if match and _agency_in(match["inner"]):
        return WireCredit(_agency_in(match["inner"]), "byline", match[0])
    for written in reversed([*lines[-2:], *tail]):
        agency = end_credit_of(written)
        if agency:
            return WireCredit(agency, "end_line", written[-200:])
    for name in organisations:
        if _agency_in(name):
            return WireCredit(_agency_in(name), "json_ld", name)
    if _agency_in(feed_credit):
        return WireCredit(_agency_in(feed_credit), "feed", feed_credit)
    host = f".{site_of(url)}"
    own = _agency_in(publisher) or next((agency for site, agency in _SITES.items() if host.endswith(f".{site}")), "")
    return WireCredit(own, "page", publisher or url) if own else None


def credit_of(line: str) -> str:
    """The agency that a byline names ("By X, Reuters", "Agence France-Presse"), "" where it names none."""
    match = _BY.match(line.strip())
    return _named(match["names"]) if match else ""


def end_credit_of(line: str) -> str:
    """The agency that an end line names ("© 2018 AFP", "(With inputs from ANI)", a Reuters sign-off), "" where it names none."""
    _, agency = _bracket_credit(line)
    if agency:
        return agency
    if len(line) <= 250 and (match := _COPYRIGHT.search(line)) and _named(match["names"]):
        return _named(match["names"])
    if len(line) > _SIGN_OFF_LENGTH:
        return ""
    if match := _ENDS_WITH.match(line):
        return _named(match["names"])
    if (_SIGN_OFF.match(line) and _EDITED.search(line)) or _TRUST in line:
        return "Reuters"
    match = _WRITERS.search(line)
    return _named(match["names"]) if match else ""


def is_sign_off(line: str) -> bool:
    """Whether a whole line only says who wrote and edited, or whose copy it is."""
    if len(line) > _SIGN_OFF_LENGTH:
        return False
    bracket = _BRACKET.match(line)
    return (
        bool(_SIGN_OFF.match(line))
        or _TRUST in line
        or bool(_ENDS_WITH.match(line))
        or (bracket is not None and bool(end_credit_of(line)))
    )


def cut_end_credit(line: str) -> tuple[str, str]:
    """A paragraph without the bracketed credit at its end, and that credit ("" where there is none)."""
    start, agency = _bracket_credit(line)
    return (line[:start].rstrip(), line[start:]) if agency and start else (line, "")


def _bracket_credit(line: str) -> tuple[int, str]:
    """Where a credit in brackets ends the line, and its agency. "... the Korean Central News Agency (KCNA)." is a sentence and credits nobody."""
    match = _BRACKET.search(line, max(0, len(line) - 120))
    if match is None:
        return 0, ""
    inner = match["inner"].strip()
    said = _WITH.match(inner)
    if said:
        return match.start(), _agency_in(inner[said.end() :])
    before = line[: match.start()].rstrip(" \"'”’")
    is_apart = not before or (before[-1] in ".!?。" and line.rstrip()[-1:] in ")]）")
    return match.start(), _agency_in(inner) if is_apart else ""


def _named(name: str) -> str:
    return _AGENCY.get(name, "") or _FOLDED.get(name.casefold(), "")


# ---------------------------------------------------------------- notices

_TITLE_NOTICES: tuple[tuple[NoticeKind, re.Pattern[str]], ...] = (
    (
        "kill",
        re.compile(
            r"\W*(?:MANDATORY |STORY |BULLETIN )?KILL(?:ED)?\b(?=\s*[-:—–)\]])|\W*(?:WITHDRAWN|RETRACT(?:ED|ION)|Retraction|Withdrawn)\s*[-:—–)\]]|\W*(?:전문\s?취소|기사\s?취소|全文取り消し|АННУЛИРОВАНО)"
        ),
    ),
    ("embargo", re.compile(r"\W*EMBARGO(?:ED)?\b|\W*Embargoed\b(?=\s*[-:—–)\]]| until| for)")),
    (
        "correction",
        re.compile(
            r"\W*(?:\d+(?:st|nd|rd|th) )?(?:CORRECT(?:ED|S|ION)|Correct(?:ed|s|ion)|CORR)\b(?=\s*[-:—–)\]/]|\s*\()|.{0,200}\((?:CORRECTED|Corrected)\)\s*\Z|\W*(?:정정|訂正|更正|ИСПРАВЛЕНО)\s*[-:—–)\]】]"
        ),
    ),
    ("refile", re.compile(r"\W*(?:REFILE[SD]?|Refile[sd]?|RPT|REPEAT)\s*[-:—–)\]]")),
    ("writethru", re.compile(r".{0,60}\b(?:WRITETHRU|[Ww]ritethru|Writethrough)\b")),
    (
        "update",
        re.compile(r"\W*(?:UPDATE\s?\d{0,2}|Update\s\d{1,2}|\d{1,2}(?:st|nd|rd|th)\s(?:LD|Ld|LEAD)|LEAD|UPDATED)\s*[-:—–)\]]"),
    ),
)
_ADVISORY = re.compile(r"\W*(?:ADVISORY|Advisory)\s*[-:—–)]")
_WITHDRAWS = re.compile(
    r"\b(?:withdr[ae]wn?|kill(?:ed|s)?|disregard|do not (?:use|publish)|retract(?:ed|s)?|eliminate[ds]?)\b", re.IGNORECASE
)
# Desk notes: "(Corrects spelling in para 3)", "(ATTN: UPDATES throughout)", "(Eds: adds quotes)", "(Adds details, background)".
_DESK_NOTE = re.compile(
    r"\W{0,3}(?:ATTN\s*:|Eds\s*[:.]|EDS\s*[:.]|(?:Corrects|CORRECTS|Refiles|REFILES|Recasts|RECASTS|Adds|ADDS|Updates|UPDATES|Repeats|Rewrites|Clarifies|Removes|Deletes|Fixes|Changes)\s)[^\n]{2,400}\Z"
)
_CORRECTS = re.compile(r"\bcorrects?\b|\bcorrecting\b|\bclarif(?:y|ies)\b|\bfix(?:es)?\b|\bremoves\b|\bdeletes\b", re.IGNORECASE)
_CORRECTION_LINE = re.compile(
    r"\W{0,3}(?:(?:Correction|CORRECTION|CORRECTED|Corrected|Clarification|Editor['’]s note)\b[^\n]{0,40}?[:：—–-]|(?:This|The) (?:article|story|report|post|version)[^\n]{0,80}\b(?:corrected|amended|updated to correct|refiled)\b"
    r"|(?:An|A previous) (?:earlier |previous )?version of this (?:article|story|report)\b|(?:정정|訂正|更正)\s?[:：])"
)
_KILL_LINE = re.compile(
    r"\W{0,3}(?:(?:ATTENTION|ATTN)[ ,]+EDITORS?\b[^\n]{0,300}\b(?:withdrawn|kill|KILL|disregard|not be used|eliminated?)\b"
    r"|(?:This|The) (?:article|story|report|dispatch|item)\b[^\n]{0,120}\b(?:has been|is|was) (?:withdrawn|retracted|killed|deleted)\b|KILL\b|MANDATORY KILL\b)"
)
_EMBARGO_LINE = re.compile(
    r"\W{0,3}(?:EMBARGOED\b|EMBARGO\s?[:：]|(?:Embargoed|Not for (?:publication|release|use)) (?:until|before|for)\b|HOLD FOR RELEASE\b)"
)


def find_notice(title: str, head: Sequence[str], tail: Sequence[str] = ()) -> Notice | None:
    """What the desk says about its own dispatch, in the title, the first lines or the last ones; None where it says nothing."""
    for kind, pattern in _TITLE_NOTICES:
        if pattern.match(title):
            return Notice(kind, title[:200])
    if _ADVISORY.match(title):
        words = " ".join((title, *head[:2]))[:1_500]
        return Notice("kill" if _WITHDRAWS.search(words) else "correction" if _CORRECTS.search(words) else "update", title[:200])
    for line in (*head[:4], *tail[-4:]):
        said = notice_kind(line)
        if said:
            return Notice(said, line[:400])
    return None


def notice_kind(line: str) -> NoticeKind | None:
    """What kind of notice a whole line is, None for one of the report."""
    if _KILL_LINE.match(line):
        return "kill"
    if _EMBARGO_LINE.match(line):
        return "embargo"
    if _CORRECTION_LINE.match(line):
        return "refile" if "refiled" in line.lower() else "correction"
    if not _DESK_NOTE.match(line) or not (line[:1] in "([（*" or line[:4].upper() in {"ATTN", "EDS:", "EDS."}):
        return None
    if re.search(r"\bre-?files\b", line, re.IGNORECASE):
        return "refile"
    if "writethru" in line.lower():
        return "writethru"
    return "correction" if _CORRECTS.search(line) else "update"
