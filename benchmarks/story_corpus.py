"""A corpus of generated dispatches and of what newspapers make of them, the same for every run of one seed.

Every text is put together from the lists below: names, numbers and quotations are invented and evidence about nobody. ``corpus``
answers the articles with the number of the story each belongs to.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sanctions_watch.records import Article, WireCredit, Zone

START = datetime(2024, 1, 1, tzinfo=UTC)
DAYS = 365
HOUSE_RULES = (  # a paragraph that one article in twenty may end with, word for word
    "The material in this report may be shown and stored by subscribers who keep to the rules of the exchange, which were last "
    "changed in the spring; whoever finds a mistake in it is asked to write to the desk that is named on the second page, where a "
    "list of earlier mistakes and of their remedies is kept and brought up to date on the first working day of every month."
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
AGENCIES = ("AFP", "Reuters", "AP", "Yonhap", "Kyodo", "dpa")
AGENCY_NAMES = {"AFP": "Agence France-Presse", "AP": "Associated Press"}

# British and American spellings: the generator writes one of them throughout a text.
SPELLINGS = (
    ("harbour", "harbor"), ("defence", "defense"), ("programme", "program"), ("labour", "labor"), ("tonnes", "tons"), ("licence", "license"),
    ("centre", "center"), ("neighbour", "neighbor"), ("grey", "gray"), ("behaviour", "behavior"), ("authorised", "authorized"),
    ("organisation", "organization"), ("recognised", "recognized"), ("travellers", "travelers"), ("analysed", "analyzed"),
    ("cheque", "check"), ("theatre", "theater"), ("kilometres", "kilometers"), ("favour", "favor"), ("offence", "offense"),
)  # fmt: skip


def words_in(text: str) -> list[str]:
    return text.split()


NOUNS = words_in("""
harbour minister court ship bank factory mine envoy tribunal customs cargo border licence company council embassy contract
engineer smelter registry insurer broker captain programme delegation ministry prosecutor warehouse container invoice terminal
pipeline railway refinery turbine freighter trawler laboratory satellite shipment manifest consulate summit treaty resolution
panel inspector auditor regulator ledger dividend workshop quarry shipyard tanker pilot translator gazette orchard centre labour
delivery archive village bridge ferry canal museum stadium hospital university newspaper broadcaster lawyer witness verdict
appeal sentence fine penalty loan deposit account transfer subsidiary partner shareholder director chairman clerk foreman driver
sailor nurse teacher farmer fisherman mechanic electrician carpenter mason painter sculptor statue monument hotel restaurant
kitchen dormitory barracks compound gate fence depot garage hangar runway airport helicopter drone rocket missile warhead
reactor centrifuge uranium copper zinc anthracite timber seafood textile garment machine tractor lorry bus wagon locomotive
antenna radar server computer password wallet exchange token coin painting watch cigar whisky yacht piano carpet perfume diamond
gold silver lead iron steel cement glass fertiliser grain rice wheat soy sugar coffee tea salt oil petrol diesel gas coal
defence behaviour neighbour organisation theatre cheque offence favour
""")
VERBS = words_in("""
seized inspected rejected approved signed delayed questioned audited escorted returned ordered refused expelled recalled
analysed searched halted repaired registered unloaded bought sold leased insured financed guarded photographed measured weighed
counted sealed opened closed transferred cancelled renewed reviewed denounced praised ignored challenged postponed summoned
interviewed detained released fined dismissed replaced inherited borrowed hid painted renamed scrapped towed boarded followed
traced copied published leaked described mentioned confirmed disputed corrected translated authorised recognised
""")
ADJECTIVES = words_in("""
grey northern southern eastern western coastal remote rusty private public former senior junior foreign local provincial federal
unnamed listed suspected abandoned crowded narrow wooden forged missing frozen joint secret annual monthly weekly earlier later
empty costly cheap heavy light idle busy second third fourth newest oldest largest smallest quiet disputed unpaid unfinished
half-built long-serving state-owned family-owned little-known well-kept newly-built temporary permanent overdue illegal lawful
domestic regional international
""")
ADVERBS = words_in(
    "quietly openly twice again later suddenly slowly briefly formally repeatedly partly wrongly reluctantly promptly jointly separately apparently eventually already"
)
CLAUSES = words_in("although because while after before since unless where until as")
SAYERS = words_in("spokesman spokeswoman official diplomat analyst lawyer manager professor lawmaker investigator")
_ONSETS = words_in("""
b br c ch d dr f g gr h k kr l m n p pr r s sh st t tr v w z
""")
_VOWELS = words_in("a e i o u ai ia ou ea")
_CODAS = words_in("n r s l m k t d nd rk st")


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A report as an agency sends it: headline, then paragraphs without the dateline."""

    number: int
    place: str
    agency: str
    headline: str
    paragraphs: tuple[str, ...]
    published_at: datetime
    quotes: tuple[str, ...]  # of its paragraphs, those that are quotations


@dataclass(frozen=True, slots=True)
class Labelled:
    """An article, the number of its story, and what was done to its text."""

    article: Article
    story: int
    kind: str


class Writer:
    """Writes sentences from the lists; every figure and name comes from its own random source."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.is_british = rng.random() < 0.5
        self.cast = [self.name() for _ in range(6)]
        self.topic = rng.sample(NOUNS, 25)

    def name(self) -> str:
        rng = self.rng
        parts = [rng.choice(_ONSETS) + rng.choice(_VOWELS) for _ in range(rng.choice((1, 2, 2)))] + [rng.choice(_CODAS)]
        return "".join(parts).capitalize()

    def noun(self) -> str:
        return self.rng.choice(self.topic if self.rng.random() < 0.6 else NOUNS)

    def phrase(self) -> str:
        rng = self.rng
        roll = rng.random()
        if roll < 0.25:
            return f"the {rng.choice(ADJECTIVES)} {self.noun()}"
        if roll < 0.4:
            return f"a {self.noun()} in {rng.choice(self.cast)}"
        if roll < 0.55:
            return f"{rng.randint(2, 980)} {rng.choice(ADJECTIVES)} {self.noun()}s"
        if roll < 0.7:
            return f"{rng.choice(self.cast)}'s {self.noun()}"
        if roll < 0.85:
            return f"the {self.noun()} of the {rng.choice(ADJECTIVES)} {self.noun()}"
        return f"{rng.choice(self.cast)} and its {self.noun()}"

    def clause(self) -> str:
        rng = self.rng
        adverb = f" {rng.choice(ADVERBS)}" if rng.random() < 0.3 else ""
        tail = (
            f" {rng.choice(('near', 'in', 'for', 'with', 'against', 'under', 'behind'))} {self.phrase()}"
            if rng.random() < 0.6
            else ""
        )
        return f"{self.phrase()}{adverb} {rng.choice(VERBS)} {self.phrase()}{tail}"

    def sentence(self) -> str:
        rng = self.rng
        text = self.clause()
        if rng.random() < 0.5:
            text += f" {rng.choice(CLAUSES)} {self.clause()}"
        if rng.random() < 0.2:
            text += f", the {rng.choice(SAYERS)} said"
        return text[0].upper() + text[1:] + "."

    def quote(self) -> str:
        said = self.clause()
        return f'"{said[0].upper()}{said[1:]} and {self.clause()}," said {self.name()} {self.name()}, a {self.rng.choice(SAYERS)}.'

    def paragraph(self) -> str:
        return " ".join(self.sentence() for _ in range(self.rng.choice((1, 2, 2, 3))))

    def headline(self) -> str:
        rng = self.rng
        words = [rng.choice(self.cast), rng.choice(VERBS), rng.choice(ADJECTIVES), *rng.sample(self.topic, 2)]
        return f"{words[0]} {words[3]} {words[1]} over {words[2]} {words[4]} in {self.name()}"


def spelt(text: str, *, british: bool) -> str:
    """The text in one spelling throughout."""
    for one, other in SPELLINGS:
        wrong, right = (other, one) if british else (one, other)
        text = re.sub(rf"\b{wrong}(?=s?\b)", right, text)
    return text


def dispatch(seed: int, number: int, day: datetime | None = None) -> Dispatch:
    """The report of this number: 6-13 paragraphs, two of them quotations, the last two its agency's background."""
    rng = random.Random(f"{seed}.{number}")
    writer = Writer(rng)
    drawn = START + timedelta(minutes=rng.randrange(DAYS * 24 * 60))
    published_at = day or drawn
    agency = rng.choice(AGENCIES)
    quotes = tuple(spelt(writer.quote(), british=writer.is_british) for _ in range(2))
    told = [spelt(writer.paragraph(), british=writer.is_british) for _ in range(rng.randint(5, 11))]
    told[0] = told[0][:-1] + f", officials in {writer.cast[0]} said on {WEEKDAYS[published_at.weekday()]}."
    background = backgrounds(seed, agency)[rng.randrange(40)]
    place = rng.randint(1, 3)
    return Dispatch(
        number,
        writer.cast[0],
        agency,
        spelt(writer.headline(), british=writer.is_british),
        (*told[:place], quotes[0], *told[place:-1], quotes[1], told[-1], *background),
        published_at,
        quotes,
    )


def backgrounds(seed: int, agency: str) -> list[tuple[str, ...]]:
    """Forty pairs of paragraphs that an agency ends its dispatches with: each is used in about one report of 240."""
    found = _backgrounds.get((seed, agency))
    if found is None:
        writer = Writer(random.Random(f"{seed}.{agency}"))
        pairs = [(writer.paragraph(), writer.paragraph()) for _ in range(40)]
        found = _backgrounds[seed, agency] = [tuple(spelt(part, british=writer.is_british) for part in pair) for pair in pairs]
    return found


_backgrounds: dict[tuple[int, str], list[tuple[str, ...]]] = {}

# ---------------------------------------------------------------- what newspapers make of a dispatch


def boilerplate(rng: random.Random, paragraphs: list[str], furniture: list[str]) -> list[str]:
    return (
        [*furniture[:1], *paragraphs[:3], furniture[1], *paragraphs[3:], *furniture[2:]]
        if rng.random() < 0.5
        else [*paragraphs, *furniture]
    )


def cut(rng: random.Random, paragraphs: list[str]) -> list[str]:
    """About 30 % of the words: the opening, then paragraphs in order."""
    total = sum(len(part.split()) for part in paragraphs)
    kept, size = [paragraphs[0]], len(paragraphs[0].split())
    for part in paragraphs[1:]:
        if size >= 0.28 * total:
            break
        if rng.random() < 0.8:
            kept.append(part)
            size += len(part.split())
    return kept


def edited(rng: random.Random, paragraphs: list[str]) -> list[str]:
    """20-40 % of the words replaced, in stretches of 4 to 14."""
    writer = Writer(rng)
    words = " \n ".join(paragraphs).split(" ")
    wanted, done = rng.uniform(0.2, 0.4) * len(words), 0
    while done < wanted:
        length = rng.randint(4, 14)
        start = rng.randrange(0, max(1, len(words) - length))
        if "\n" in words[start : start + length]:
            done += 1
            continue
        new = f"{writer.clause()} {writer.clause()}".split()[: length + rng.randint(-1, 1)]
        words[start : start + length] = new
        done += length
    return " ".join(words).split(" \n ")


def reordered(rng: random.Random, paragraphs: list[str]) -> list[str]:
    rest = paragraphs[1:]
    rng.shuffle(rest)
    return [paragraphs[0], *rest]


def scanned(rng: random.Random, paragraphs: list[str]) -> list[str]:
    """As badly read from paper: about one word in twelve is damaged."""
    pairs = {"l": "1", "o": "0", "e": "c", "m": "rn", "i": "j", "h": "b", "s": "5", "a": "o", "t": "f", "n": "u"}

    def damaged(word: str) -> str:
        if rng.random() > 1 / 12:
            return word
        places = [place for place, letter in enumerate(word) if letter in pairs]
        if not places:
            return word
        place = rng.choice(places)
        return word[:place] + pairs[word[place]] + word[place + 1 :]

    return [" ".join(damaged(word) for word in part.split(" ")) for part in paragraphs]


def merged(paragraphs: list[str], other: list[str]) -> list[str]:
    """About two thirds of one dispatch, then at most half as many words of another: its story is the first's."""
    mine = paragraphs[: max(3, round(len(paragraphs) * 0.75))]
    size, taken = sum(len(part.split()) for part in mine), [other[0]]
    for part in other[1:]:
        if len(" ".join([*taken, part]).split()) > size / 2:
            break
        taken.append(part)
    return [*mine, *taken]


def respelt(paragraphs: list[str]) -> list[str]:
    text = "\n".join(paragraphs)
    american = sum(len(re.findall(rf"\b{us}s?\b", text)) for _, us in SPELLINGS)
    british = sum(len(re.findall(rf"\b{uk}s?\b", text)) for uk, _ in SPELLINGS)
    return spelt(text, british=american > british).split("\n")


KINDS = ("boilerplate", "headline", "cut", "edited", "reordered", "merged", "scanned", "respelt")


class Press:
    """Forty newspapers, each with page furniture of its own."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(f"{seed}.press")
        writer = Writer(self.rng)
        self.papers = [f"{writer.name()} {kind}" for kind in ("Post", "Herald", "Times", "Mirror") for _ in range(10)]
        self.furniture = {
            paper: [
                f"{writer.clause().capitalize()}: read more at {paper}.",
                f"Subscribe to the {paper} and {writer.clause()}.",
                writer.sentence(),
            ]
            for paper in self.papers
        }


def article(
    name: str, headline: str, paragraphs: list[str], *, publisher: str, published_at: datetime, agency: str = "", place: str = ""
) -> Article:
    """An Article as clean would make it; with ``agency`` it credits one."""
    text = "\n\n".join([headline, *paragraphs])
    zones = (Zone("headline", 0, len(headline)), Zone("body", len(headline) + 2, len(text)))
    wire = WireCredit(agency, "dateline", place=place) if agency else None
    return Article(name, 1, "", "", publisher, "en", headline, text, published_at, published_at, "", zones=zones, wire=wire)


def own_version(of: Dispatch, story: int) -> Labelled:
    publisher = AGENCY_NAMES.get(of.agency, of.agency)
    made = article(
        f"b{story}",
        of.headline,
        list(of.paragraphs),
        publisher=publisher,
        published_at=of.published_at,
        agency=of.agency,
        place=of.place,
    )
    return Labelled(made, story, "original")


def pair(seed: int, number: int) -> tuple[Dispatch, Dispatch]:
    """The dispatch of this number and the one that an editor may merge it with: of two in a row the second comes within six hours."""
    first = dispatch(seed, number - number % 2)
    second = dispatch(seed, first.number + 1, first.published_at + timedelta(minutes=1 + first.number * 7 % 360))
    return (first, second) if number == first.number else (second, first)


def variant(rng: random.Random, press: Press, of: Dispatch, kind: str, other: Dispatch, name: str, story: int) -> Labelled:
    """What a newspaper prints of a dispatch within 30 hours; every second one credits the agency."""
    paper = rng.choice(press.papers)
    paragraphs, headline = list(of.paragraphs), of.headline
    if kind == "boilerplate":
        paragraphs = boilerplate(rng, paragraphs, press.furniture[paper])
    elif kind == "headline":
        headline = Writer(rng).headline()
    elif kind == "cut":
        paragraphs = cut(rng, paragraphs)
    elif kind == "edited":
        paragraphs = edited(rng, paragraphs)
    elif kind == "reordered":
        paragraphs = reordered(rng, paragraphs)
    elif kind == "merged":
        paragraphs = merged(paragraphs, list(other.paragraphs))
    elif kind == "scanned":
        paragraphs = scanned(rng, paragraphs)
    elif kind == "respelt":
        paragraphs = respelt(paragraphs)
    earliest = max(of.published_at, other.published_at) if kind == "merged" else of.published_at
    when = earliest + timedelta(minutes=rng.randint(5, 30 * 60))
    made = article(name, headline, paragraphs, publisher=paper, published_at=when, agency=of.agency if rng.random() < 0.5 else "")
    return Labelled(made, story, kind)


def follow_up(rng: random.Random, seed: int, of: Dispatch, story: int) -> Labelled:
    """A later report by the same agency that ends with the same background."""
    new = dispatch(seed, 10_000_000 + story, of.published_at + timedelta(hours=rng.randint(10, 120)))
    paragraphs = [*new.paragraphs[:-2], *of.paragraphs[-2:]]
    publisher = AGENCY_NAMES.get(of.agency, of.agency)
    made = article(f"f{story}", new.headline, paragraphs, publisher=publisher, published_at=new.published_at, agency=of.agency)
    return Labelled(made, story, "background")


def same_conference(rng: random.Random, seed: int, of: Dispatch, story: int) -> Labelled:
    """Another agency's own report of the same press conference: the same two quotations, nothing else."""
    new = dispatch(seed, 20_000_000 + story, of.published_at + timedelta(hours=rng.randint(0, 5)))
    swapped = dict(zip(new.quotes, of.quotes, strict=True))
    agency = rng.choice([agency for agency in AGENCIES if agency != of.agency])
    paragraphs = [swapped.get(part, part) for part in new.paragraphs[:-2]]
    publisher = AGENCY_NAMES.get(agency, agency)
    made = article(f"q{story}", new.headline, paragraphs, publisher=publisher, published_at=new.published_at, agency=agency)
    return Labelled(made, story, "quotes")


def daily(seed: int, series: int, day: int, story: int) -> Labelled:
    """A market report: the wording of its series, the numbers and names of its day."""
    fixed = Writer(random.Random(f"{seed}.series.{series}"))
    frame = [fixed.clause() for _ in range(10)]
    title = f"{fixed.name()} market close"
    rng = random.Random(f"{seed}.daily.{series}.{day}")
    when = START + timedelta(days=day, hours=17)
    weekday = WEEKDAYS[when.weekday()]
    lines = [
        f"{clause[0].upper()}{clause[1:]} {rng.choice(('rose', 'fell'))} {rng.randint(1, 99)}.{rng.randint(0, 9)} points to {rng.randint(1000, 9999)} on {weekday}."
        for clause in frame
    ]
    paragraphs = [" ".join(lines[start : start + 2]) for start in range(0, 10, 2)]
    made = article(f"d{story}", f"{title}, {weekday}", paragraphs, publisher=f"Exchange {series}", published_at=when)
    return Labelled(made, story, "daily")


def corpus(seed: int, bases: int, progress: Callable[[int], None] = lambda _: None) -> Iterator[Labelled]:
    """``bases`` dispatches with eight variants each, and per ten of them five follow-ups, five reports with shared quotes and four dailies."""
    press = Press(seed)
    rng = random.Random(f"{seed}.variants")
    story = bases
    for number in range(bases):
        of, other = pair(seed, number)
        yield own_version(of, number)
        for kind in KINDS:
            yield variant(rng, press, of, kind, other, f"v{number}.{kind}", number)
        if number % 2 == 0:
            yield follow_up(rng, seed, of, story)
            yield same_conference(rng, seed, of, story + 1)
            story += 2
        if number % 5 < 2:
            yield daily(seed, (number // 5) // DAYS * 2 + number % 5, (number // 5) % DAYS, story)
            story += 1
        progress(number)
