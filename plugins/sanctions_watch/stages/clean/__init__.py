"""Clean: an entry and its page in, an Article out: headline and body, and nothing that stood beside them.

The words of ``Article.text`` are words of the input in their order: white space changes, nothing else is rewritten, and what was taken out
stands in ``Article.removed``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sanctions_watch.errors import EntryError
from sanctions_watch.records import Article, DateCandidate, Entry, Feed, FetchResult, Removed, Zone, identify
from sanctions_watch.stages.clean import lines as shape
from sanctions_watch.stages.clean.dates import candidate, choose, dateline_date, url_date
from sanctions_watch.stages.clean.junk import is_heading, kind_of, sift
from sanctions_watch.stages.clean.language import language_of
from sanctions_watch.stages.clean.page import Page, fragment_lines, is_html, read_page
from sanctions_watch.stages.clean.walls import Wall, wall_of
from sanctions_watch.stages.clean.wire import Dateline, credit_of, cut_end_credit, find_dateline, find_notice, find_wire
from sanctions_watch.urls import canonical_url, url_key

VERSION = "clean-2"
_MAX_TEXT = 1_000_000
_MAX_LINES = 3_000
_BYLINE = re.compile(
    r"(?:by|von|por|par|text by|written by|posted by|reported by|story by|words by)\s*:?\s(?P<name>[^\d\n]{2,120}?)\s*(?:[|,–—-]?\s*(?:(?:published|updated|posted)\b.*|\d.*|\w{3,9}\.? \d{1,2}\b.*))?\Z",
    re.IGNORECASE,
)
_DATE_LABEL = re.compile(r"\A\W*[A-Za-z ]{0,20}(?:published|updated|posted|modified)[A-Za-z ]{0,5}\s?:?\s*", re.IGNORECASE)
_NAME = re.compile(r"[A-ZА-ЯЁ][\w.'’-]{0,20}(?: (?:[A-ZА-ЯЁ][\w.'’-]{0,20}|de|van|von|bin|al|el)){1,3}\Z")
_INNER_PLACE = re.compile(r"(?<![A-Z])[A-Z]{3}[A-Z /'-]{0,30},?\s")
_MAX_OPENING = 40
_SITE_MARKS = (" | ", " - ", " – ", " — ", " -- ", " :: ", " « ", " » ")
_MAX_ROUNDS = 8
_MASTHEAD = 12  # lines among which the headline stands
_GLUED = 500  # characters into which crawlers glue slug, headline, byline and dateline


def article_id_of(url: str, publisher: str, title: str) -> str:
    """The id of an article: from its address, whatever tracking hangs on it; without one, from publisher and title."""
    key = url_key(url)
    return identify("article", key) if key else identify("article", publisher, shape.key(title) or title)


def clean(
    entry: Entry, feed: Feed, page: FetchResult | None, previous: Article | None, now: datetime, *, is_backfill: bool = False
) -> Article:
    """The article behind an entry: from its page, or from what the feed carries where ``page`` is None, no HTML or poorer.

    ``previous`` is the article's latest version: the same text keeps it, another makes the next one. Raises EntryError where nothing
    readable is left.
    """
    read = _read(page)
    lines, fetched = _richest(entry, read)
    url = (
        (read.canonical if fetched else "") or canonical_url(page.final_url if page and fetched else "") or canonical_url(entry.url)
    )
    if page and fetched and not _same_page(url, entry.url, read):
        url = canonical_url(entry.url)
    dates = [*(read.dates if fetched else ())]
    if entry.published_at or entry.updated_at:
        stamp = entry.published_at or entry.updated_at
        dates += [DateCandidate("feed", stamp, stamp.isoformat())] if stamp else []
    article = _article(
        _Raw(
            lines=lines,
            title=_title(entry.title, read, feed.publisher) if fetched else entry.title,
            url=url,
            publisher=feed.publisher,
            captions=read.captions if fetched else (),
            removed=(*(read.removed if fetched else ()), *_wall_noted(read.wall, entry.url)),
            opening=read.opening if fetched else (),
            standfirst=read.standfirst if fetched else "",
            byline=(read.byline if fetched else "") or entry.author,
            declared=(read.language if fetched else "") or entry.language or feed.language,
            dates=tuple(dates),
            organisations=read.organisations if fetched else (),
            feed_credit=entry.credit,
        ),
        article_id=previous.article_id if previous else article_id_of(url or entry.url, feed.publisher, entry.title),
        now=now,
        subject=entry.entry_id,
    )
    article = replace(
        article,
        entry_id=previous.entry_id if previous else entry.entry_id,
        feed_kind=feed.kind,
        feed_reliability=feed.reliability,
        is_sample=feed.is_sample,
        is_backfill=is_backfill,
    )
    return _versioned(article, previous, is_poorer=not fetched)


def clean_text(
    *,
    url: str,
    publisher: str,
    title: str,
    text: str,
    published_at: datetime | None,
    now: datetime,
    article_id: str = "",
    language: str = "",
    is_backfill: bool = False,
) -> Article:
    """The article that a row of plain text holds. Raises EntryError where nothing readable is left."""
    dates = (DateCandidate("given", published_at, published_at.isoformat()),) if published_at else ()
    lines = tuple(shape.split(text[:_MAX_TEXT]))
    wall = wall_of([title], lines)
    article = _article(
        _Raw(
            lines=() if wall else lines,
            removed=_wall_noted(wall, " ".join(lines)),
            title=title,
            url=canonical_url(url),
            publisher=publisher,
            declared=language,
            dates=dates,
        ),
        article_id=article_id or article_id_of(url, publisher, title),
        now=now,
        subject=article_id or url,
    )
    return replace(article, is_backfill=is_backfill)


def extract_text(html: bytes, url: str, now: datetime, content_type: str = "") -> Article:
    """The article on an HTML page that no feed named. Raises EntryError where nothing readable is left."""
    read = read_page(html, url, content_type)
    if read.wall:
        raise EntryError(f"the page is no article but a {read.wall}", subject=url)
    address = read.canonical or canonical_url(url)
    title = _title("", read, read.site)
    return _article(
        _Raw(
            lines=read.lines,
            title=title,
            url=address,
            publisher=read.site or _site_beside(title, read.titles),
            captions=read.captions,
            removed=read.removed,
            opening=read.opening,
            standfirst=read.standfirst,
            byline=read.byline,
            declared=read.language,
            dates=read.dates,
            organisations=read.organisations,
        ),
        article_id=article_id_of(address, read.site, next(iter(read.titles), "")),
        now=now,
        subject=url,
    )


# ---------------------------------------------------------------- from a page or a feed to lines


def _read(page: FetchResult | None) -> Page:
    if page is None or page.error or not page.body or not is_html(page.body, page.content_type):
        return Page()
    return read_page(page.body, page.final_url or page.request.url, page.content_type)


def _richest(entry: Entry, read: Page) -> tuple[tuple[str, ...], bool]:
    """The lines to work on, and whether they are the page's: a wall or a notice that stands in for it is poorer than the feed."""
    carried = fragment_lines(entry.content) if entry.content else []
    summary = fragment_lines(entry.summary)
    if _size(summary) > _size(carried):
        carried = summary
    on_page = _size(read.lines)
    if on_page and on_page * 1.2 >= _size(carried) and (on_page >= 400 or _is_about(read.lines, [entry.title, *carried])):
        return read.lines, True
    return tuple(carried), False


def _wall_noted(wall: Wall, what: str) -> tuple[Removed, ...]:
    """What stands among the removed for a page that was a wall: its kind, and what it was."""
    return (Removed("wall", f"{wall}: {what[:500]}"),) if wall else ()


def _size(lines: Sequence[str]) -> int:
    return sum(map(len, lines))


def _is_about(lines: Sequence[str], known: Sequence[str]) -> bool:
    """Whether a short page shares words of some length with what the feed says."""
    expected = {word for line in known for word in shape.key(line).split() if len(word) > 3 or not word.isascii()}
    found = set(shape.key(" ".join(lines)).split())
    return not expected or len(expected & found) >= min(2, len(expected))


def _same_page(url: str, asked: str, read: Page) -> bool:
    """Whether the address the page gives itself, or was redirected to, can stand for the entry's: not a front page."""
    return bool(url) and (url == read.canonical or url.rstrip("/").count("/") > 2 or canonical_url(asked) == url)


def _title(feed_title: str, read: Page, publisher: str) -> str:
    """The page's own headline, where it is about what the feed's is; a name that the site adds goes."""
    names = {shape.key(publisher), shape.key(read.site)} - {""}
    opening = {shape.key(line) for line in read.lines[:4]}
    for title in read.titles:
        said = _without_site(title, names, opening)
        if (
            shape.words(said) >= 3
            and shape.key(said) not in names
            and len(said) <= 400
            and (not feed_title or _is_about([said], [feed_title]))
        ):
            return said
    return feed_title or next((_without_site(title, names) for title in read.titles), "")


def _site_beside(headline: str, titles: Sequence[str]) -> str:
    """The name that a page's title adds to its headline, where it is short enough for a publisher's."""
    for title in titles:
        for mark in _SITE_MARKS:
            head, _, last = title.rpartition(mark)
            first, _, rest = title.partition(mark)
            for name, said in ((last, head), (first, rest)):
                if said.strip() == headline and 0 < shape.words(name) <= 6:
                    return name.strip()
    return ""


def _without_site(title: str, names: Collection[str], headlines: Collection[str] = ()) -> str:
    """A page's title without the name of its site, at either end; or the part of it that stands over the report."""
    for mark in _SITE_MARKS:
        head, found, last = title.rpartition(mark)
        if found and head and (shape.key(last) in names or shape.key(head) in headlines):
            return head.strip()
        first, found, rest = title.partition(mark)
        if found and rest and (shape.key(first) in names or shape.key(rest) in headlines):
            return rest.strip()
    return title


# ---------------------------------------------------------------- from lines to an article


@dataclass(frozen=True, slots=True)
class _Raw:
    """What an article is made of, wherever it came from."""

    lines: tuple[str, ...]
    title: str
    url: str
    publisher: str
    captions: tuple[str, ...] = ()
    removed: tuple[Removed, ...] = ()
    opening: tuple[str, ...] = ()
    standfirst: str = ""
    byline: str = ""
    declared: str = ""
    dates: tuple[DateCandidate, ...] = ()
    organisations: tuple[str, ...] = ()
    feed_credit: str = ""


@dataclass(slots=True)
class _Work:
    """The lines while they are worked on."""

    title: str
    lines: list[str]
    removed: list[Removed] = field(default_factory=list)
    byline: str = ""
    dateline: Dateline | None = None
    dates: list[DateCandidate] = field(default_factory=list)


def _article(raw: _Raw, *, article_id: str, now: datetime, subject: str) -> Article:
    names = {shape.key(raw.publisher)} - {""}
    work = _Work(
        title=_without_site(shape.spaced(raw.title)[:1_000], names),
        lines=list(raw.lines[:_MAX_LINES]),
        removed=list(raw.removed),
        byline=raw.byline,
    )
    notice = find_notice(work.title, work.lines[:4], work.lines[-6:])
    _reduce(work, raw.captions)
    _read_opening(work, raw)
    if not work.title and not work.lines:
        raise EntryError("no readable text is left", subject=subject)
    wire = find_wire(
        work.lines,
        byline=work.byline,
        publisher=raw.publisher,
        url=raw.url,
        title=work.title,
        organisations=raw.organisations,
        feed_credit=raw.feed_credit,
        dateline=work.dateline,
        tail=[one.text for one in work.removed if one.kind in {"credit", "boilerplate"}],
    )
    text, zones = _compose(work.title, work.lines)
    published_at, dates, has_conflict = choose(_date_candidates(raw, work, now), now)
    return Article(
        article_id=article_id,
        version=1,
        entry_id="",
        url=raw.url,
        publisher=raw.publisher,
        language=language_of(f"{work.title}\n{' '.join(work.lines[:3])}", raw.declared),
        title=work.title,
        text=text,
        published_at=published_at,
        first_seen_at=now,
        content_sha256=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        zones=zones,
        removed=tuple(work.removed),
        byline=work.byline[:200],
        dates=dates,
        has_date_conflict=has_conflict,
        wire=wire,
        notice=notice,
        cleaner_version=VERSION,
    )


def _reduce(work: _Work, captions: Sequence[str]) -> None:
    """Take out what does not belong to the report, until nothing more goes: what is clean stays as it is."""
    for _ in range(_MAX_ROUNDS):
        before = (work.title, len(work.lines), sum(map(len, work.lines)))
        _take_title(work)
        sifted = sift(work.lines, captions)
        work.lines = list(sifted.lines)
        work.removed += sifted.removed
        _open(work)
        _close(work)
        if before == (work.title, len(work.lines), sum(map(len, work.lines))):
            return


def _take_title(work: _Work) -> None:
    """Take the headline's copies off the beginning; a headline that is printed twice and given nowhere else is found by that."""
    first = work.lines[:2]
    if not work.title and len(set(map(shape.key, first))) < len(first) and _reads_like_title(first[0]):
        work.title = first[0]
    title = shape.key(work.title)
    _take_masthead(work, title)
    for line in [line for line in work.lines[:6] if title and shape.key(line) == title]:
        work.removed.append(Removed("boilerplate", line))
        work.lines.remove(line)


def _take_masthead(work: _Work, title: str) -> None:
    """Take off the few lines over the headline: banners, the names of sections."""
    place = next((number for number, line in enumerate(work.lines[:_MASTHEAD]) if title and shape.key(line) == title), 0)
    over = sum(map(shape.words, work.lines[:place]))
    if place and over <= 80 and over * 4 < sum(map(shape.words, work.lines[place + 1 :])):
        work.removed += [Removed("boilerplate", line) for line in work.lines[:place]]
        del work.lines[:place]


def _open(work: _Work) -> None:
    """Take title, byline, dates and dateline off the beginning; find the headline there where none was given."""
    _strip_head(work)
    if not work.title and len(work.lines) > 1 and _reads_like_title(work.lines[0]):
        work.title = work.lines.pop(0)
        _strip_head(work)


def _reads_like_title(line: str) -> bool:
    return shape.words(line) >= 3 and shape.is_headline(line) and not shape.is_story(line) and kind_of(line) is None


def _strip_head(work: _Work) -> None:
    """Whatever stands before the first paragraph, until nothing more goes."""
    for _ in range(_MAX_OPENING):
        if not (_strip_line(work) or _strip_dateline(work)):
            return


def _read_opening(work: _Work, raw: _Raw) -> None:
    """Byline, date and standfirst from between headline and report, where the page sets them apart."""
    for line in raw.opening:
        if shape.is_date_line(line):
            work.dates += [] if raw.dates or work.dates else _shown_date(line)
        elif (
            shape.is_story(line)
            and kind_of(line) is None
            and (line == raw.standfirst or _is_about([line], [work.title, *work.lines[:2]]))
        ):
            work.lines.insert(0, line)
        elif not work.byline:
            work.byline = _byline(line)


def _shown_date(line: str) -> list[DateCandidate]:
    """The first date that a line shows."""
    return candidate("time", _DATE_LABEL.sub("", line))


def _strip_line(work: _Work) -> bool:
    title = shape.key(work.title)
    for number, line in enumerate(work.lines[:6]):
        if title and shape.key(line) == title:
            work.removed.append(Removed("boilerplate", line))
        elif shape.is_date_line(line):
            work.removed.append(Removed("boilerplate", line))
            work.dates += _shown_date(line)
        elif name := _byline(line) or _known_name(line, work.byline) or _bare_name(work, number):
            work.removed.append(Removed("credit", line))
            work.byline = work.byline or name
        elif shape.is_story(line):
            return False
        else:
            continue
        del work.lines[number]
        return True
    return False


def _byline(line: str) -> str:
    """The name in a byline, the line itself where it is an agency's; "" for a line of the report."""
    if len(line) > 160 or shape.words(line) > 18 or shape.ends_sentence(line.rstrip(".")):
        return ""
    match = _BYLINE.match(line)
    if match and match["name"][:1].isupper() and not re.search(r"\b(?:is|are|was|were|has|have|will|said|says)\b", match["name"]):
        return re.split(r"\s+for\s+", match["name"])[0]
    return line if credit_of(line) else ""


def _known_name(line: str, byline: str) -> str:
    """The byline where the line holds it and little else ("1 August 2018 · A. Writer")."""
    named = shape.key(byline)
    return (
        byline
        if len(named) > 4 and named in shape.key(line) and shape.words(line) <= shape.words(byline) + 6 and not shape.is_story(line)
        else ""
    )


def _bare_name(work: _Work, number: int) -> str:
    """A line of two to four capitalised words between headline and lead: its writer's name."""
    line = work.lines[number]
    follows = work.lines[number + 1 : number + 2]
    is_name = bool(_NAME.match(line)) and bool(work.title) and not is_heading(line) and shape.key(line) not in shape.key(work.title)
    return line if is_name and number < 3 and any(map(shape.is_story, follows)) else ""


def _strip_dateline(work: _Work) -> bool:
    for number, line in enumerate(work.lines[:3]):
        found = find_dateline(line) or _glued(line, work.title)
        if found is None:
            continue
        work.removed.append(Removed("dateline", line[: found.end].strip()))
        if work.dateline is None or (found.agency and not work.dateline.agency):
            work.dateline = found
        rest = line[found.end :].strip()
        work.lines[number : number + 1] = [rest] if rest else []
        return True
    return False


def _glued(line: str, title: str) -> Dateline | None:
    """The dateline behind a headline and byline that a crawler ran together with the first paragraph."""
    if not title or title not in line[:_GLUED]:
        return None
    for match in _INNER_PLACE.finditer(line, line.index(title) + len(title), line.index(title) + len(title) + _GLUED):
        found = find_dateline(line[match.start() :])
        if found and found.agency:
            return replace(found, end=found.end + match.start())
    return None


def _close(work: _Work) -> None:
    """Take the bracketed credit off the end of the last paragraph."""
    while work.lines:
        rest, credit = cut_end_credit(work.lines[-1])
        if not credit:
            return
        work.removed.append(Removed("credit", credit))
        work.lines[-1] = rest


def _date_candidates(raw: _Raw, work: _Work, now: datetime) -> list[DateCandidate]:
    found = [*raw.dates, *work.dates]
    on_url = url_date(raw.url)
    found += [on_url] if on_url else []
    on_dateline = dateline_date(work.dateline.written, found, now) if work.dateline else None
    return [*found, on_dateline] if on_dateline else found


def _compose(title: str, lines: Sequence[str]) -> tuple[str, tuple[Zone, ...]]:
    """The text and its zones: the headline, an empty line, the paragraphs with an empty line between them."""
    body = "\n\n".join(lines)
    if not title:
        return body, (Zone("body", 0, len(body)),)
    if not body:
        return title, (Zone("headline", 0, len(title)),)
    start = len(title) + 2
    return f"{title}\n\n{body}", (Zone("headline", 0, len(title)), Zone("body", start, start + len(body)))


def _versioned(article: Article, previous: Article | None, *, is_poorer: bool) -> Article:
    """The article as the next version of ``previous``, or as the same where its words are the same.

    Where the page could not be read this time, the fuller text that was read before stands, unless the desk withdraws or corrects it.
    """
    if previous is None:
        return article
    kept = replace(previous, dates=article.dates or previous.dates, cleaner_version=VERSION)
    if is_poorer and article.notice is None and len(article.text) < len(previous.text):
        return kept
    if article.content_sha256 == previous.content_sha256:
        return replace(article, version=previous.version, first_seen_at=previous.first_seen_at)
    published_at = article.published_at if article.dates else previous.published_at
    return replace(article, version=previous.version + 1, first_seen_at=previous.first_seen_at, published_at=published_at)
