"""Stories on a small corpus of our own: whoever prints a report, it is one story; reports that only look alike stay apart.

Names, numbers and quotations are invented: evidence about nobody.
"""

from __future__ import annotations

import itertools
import random
from datetime import UTC, datetime, timedelta

import pytest

from sanctions_watch.records import Article, Notice, WireCredit, Zone
from sanctions_watch.stages.deduplicate import cluster, compare

DAY = datetime(2024, 9, 10, 6, 0, tzinfo=UTC)  # a Tuesday


def article(
    name: str, title: str, body: str, *, hours: float = 0, agency: str = "", publisher: str = "", notice: Notice | None = None
) -> Article:
    text = f"{title}\n\n{body}"
    when = DAY + timedelta(hours=hours)
    zones = (Zone("headline", 0, len(title)), Zone("body", len(title) + 2, len(text)))
    wire = WireCredit(agency, "dateline") if agency else None
    return Article(name, 1, "", "", publisher or name, "en", title, text, when, when, "", zones=zones, wire=wire, notice=notice)


ORE = """Customs officers in the port of Walvis Bay found 340 tonnes of North Korean zinc ore in containers that were declared as gravel, Namibia's revenue authority said on Tuesday.

The fourteen containers arrived aboard the feeder ship Blue Petrel on August 30 and were bound for a smelter near Tsumeb, the authority said. A routine scan showed a density that gravel does not have.

"Whoever filled in that form had never held a shovel," said the head of the customs office, Lena Shikongo, who showed reporters a handful of the grey stones.

The bill of lading names a trading house in Dalian, Great Harvest Metals, as the shipper. Nobody answered the telephone there. The smelter's owner said that it had paid for ore from a mine in Peru and would sue the seller.

Laboratory tests in Windhoek compared traces of silver and cadmium with samples from the Komdok mine, the largest of its kind in the North, and found them to be a match.

The Security Council has forbidden the North to sell zinc and other minerals since 2016, and member states are bound to seize what they find.

Namibia once let North Korean firms build its state house and a munitions works, and sent the last of the builders home seven years ago."""

COURT = """A court in Rotterdam fined the brokerage Kade & Zoon 2.1 million euros on Tuesday for insuring three coasters that carried North Korean anthracite under false papers.

Judges said that the company's managers had seen photographs of the ships in the harbour of Nampo and had renewed the policies all the same.

The brokerage earned 88,000 euros from the contracts between 2019 and 2021. Its lawyer, Pieter Osinga, told the court that nobody in the office could read the name of the harbour, and announced an appeal.

The prosecution had asked for twice the fine. It called the case the first in the Netherlands in which an insurer, and not a carrier, stood trial over the embargo.

The coasters, which sailed under the flag of Mongolia, were scrapped last year in Chittagong."""

BASES = {
    "ore": ("Namibia finds North Korean zinc in cargo of gravel", ORE, "Reuters"),
    "court": ("Dutch court fines broker for insuring coal ships", COURT, "AFP"),
}


def paragraphs(text: str) -> list[str]:
    return text.split("\n\n")


def cut(text: str) -> str:
    parts = paragraphs(text)
    return "\n\n".join([parts[0], parts[1], parts[3]])


def reordered(text: str) -> str:
    parts = paragraphs(text)
    return "\n\n".join([parts[0], *reversed(parts[1:])])


def respelt(text: str) -> str:
    pairs = {
        "tonnes": "metric tons",
        "harbour": "harbor",
        "grey": "gray",
        "labour": "labor",
        "Security Council": "U.N. Security Council",
        " percent": " per cent",
        "programme": "program",
    }
    for british, american in pairs.items():
        text = text.replace(british, american)
    return text


def damaged(text: str, seed: int = 7) -> str:
    """One word in nine as a scanner misreads it."""
    chance = random.Random(seed)
    words = text.split(" ")
    return " ".join(word.replace("e", "c", 1).replace("l", "1", 1) if chance.random() < 1 / 9 else word for word in words)


def with_intro(text: str) -> str:
    return f"Readers of this paper know the quay well: the market hall stands opposite, and the ferry leaves from it twice a day. What the agencies send us from there reads as follows.\n\n{text}"


REWRITTEN = {
    "ore": """Zinc from North Korea came to Walvis Bay as gravel. Customs officers in the port found 340 tonnes of the ore in fourteen containers, Namibia's revenue authority said.

A routine scan showed a density that gravel does not have, and the freight, which came aboard the feeder ship Blue Petrel, never reached the smelter near Tsumeb.

The smelter's owner said that it had paid for ore from a mine in Peru and would sue the seller. Nobody answered the telephone at Great Harvest Metals in Dalian, the trading house that the bill of lading names as the shipper.

Farmers at Tsumeb told this paper that they had wondered about the night trains. (With Reuters)""",
    "court": """For insuring three coasters that carried North Korean anthracite under false papers, the brokerage Kade & Zoon must pay 2.1 million euros, a court in Rotterdam said on Tuesday.

The company's managers had seen photographs of the ships in the harbour of Nampo and had renewed the policies all the same, according to the judges.

Pieter Osinga, its lawyer, announced an appeal: nobody in the office could read the name of the harbour. The brokerage earned 88,000 euros from the contracts.

Insurance men on the Coolsingel said over lunch that the premium would hardly have paid for the stamps.""",
}

VARIANTS = {
    "copy": lambda title, text: (title, text),
    "cut": lambda title, text: ("In brief: " + title.split()[0] + " and the North", cut(text)),
    "reordered": lambda title, text: (title, reordered(text)),
    "respelt": lambda title, text: (title, respelt(text)),
    "damaged": lambda title, text: (title, damaged(text)),
    "headline_changed": lambda title, text: ("What the containers and the papers did not say", text),
    "house_intro": lambda title, text: (title, with_intro(text)),
}


def corpus() -> tuple[list[Article], dict[str, str]]:
    """The articles and the story each belongs to."""
    found: list[Article] = []
    story: dict[str, str] = {}

    def add(entry: Article, name: str) -> None:
        found.append(entry)
        story[entry.article_id] = name

    for base, (title, text, agency) in BASES.items():
        add(article(f"{base}-own", title, text, agency=agency, publisher=agency), base)
        for number, (kind, make) in enumerate(VARIANTS.items()):
            headline, body = make(title, text)
            add(article(f"{base}-{kind}", headline, body, hours=2 + number * 3), base)
        add(article(f"{base}-rewritten", f"A {base} story from the desk", REWRITTEN[base], hours=17), base)
    for name, entry in APART.items():
        add(entry, name)
    return found, story


TEMPLATE = """North Korea {did} on {day}, South Korea's Joint Chiefs of Staff said, {rank} such event this year.

The {thing} flew about {km} kilometres from a place near {place} before it came down in the sea, the military said. Japan's coast guard told ships to keep away.

Launches that use ballistic technology are forbidden to the North by a string of Security Council decisions that it has never recognised.

Talks about its arsenal have stood still since a summit in Hanoi broke up without a paper, and its leader has since written the bomb into the constitution."""

APART = {
    # another outlet at the same press conference, with the same sentence of the same woman
    "ore-independent": article(
        "ore-independent",
        "Zinc scandal at Walvis Bay",
        """Lena Shikongo lets the stones run through her fingers. "Whoever filled in that form had never held a shovel," says the woman who runs customs here, and laughs.

Two weeks ago her people opened a container on the south pier, then another thirteen. All of them held ore of zinc, and all of it, a laboratory says, was dug in the Komdok valley, in a country that may not sell any.

The dock workers' union asks why its members shovelled the stuff without masks. On Wednesday a committee of parliament wants to know who ordered it.""",
        hours=3,
    ),
    # the next day's development, with the agency's own background at its end
    "ore-follow-up": article(
        "ore-follow-up",
        "Namibian smelter's director held in zinc case",
        """Police in Windhoek arrested the director of a smelter on Wednesday and searched its offices over a delivery of forbidden ore, a spokesman said.

Investigators carried off two computers and a ledger. The director, whose name was not given, is to be brought before a judge on Friday.

The Security Council has forbidden the North to sell zinc and other minerals since 2016, and member states are bound to seize what they find.

Namibia once let North Korean firms build its state house and a munitions works, and sent the last of the builders home seven years ago.""",
        hours=28,
        agency="Reuters",
        publisher="Reuters",
    ),
    # one skeleton, two days
    "launch-tuesday": article(
        "launch-tuesday",
        "North Korea fires missile into sea",
        TEMPLATE.format(
            did="fired a ballistic missile off its east coast",
            day="Tuesday",
            rank="the ninth",
            thing="missile",
            km=360,
            place="Kaechon",
        ),
        hours=1,
        agency="AP",
        publisher="Associated Press",
    ),
    "launch-thursday": article(
        "launch-thursday",
        "North Korea fires missile into sea",
        TEMPLATE.format(
            did="launched several rockets from a lake",
            day="Thursday",
            rank="the tenth",
            thing="largest of them",
            km=410,
            place="Taechon",
        ),
        hours=49,
        agency="AP",
        publisher="Associated Press",
    ),
    # a dispatch on something else that ends with the same background
    "court-background": article(
        "court-background",
        "Coal ships: Mongolia strikes eleven hulls off its register",
        """Mongolia has struck eleven ships off its register because their owners would not say where they had been, the transport ministry in Ulan Bator said on Tuesday.

Six of them belong to one address in Batumi, the ministry said, and all had switched off their transponders in the Yellow Sea for weeks on end.

Landlocked Mongolia sells its flag through an office in Singapore.

The coasters, which sailed under the flag of Mongolia, were scrapped last year in Chittagong.""",
        hours=6,
        agency="AFP",
        publisher="AFP",
    ),
}


def f1(articles: list[Article], story: dict[str, str]) -> tuple[float, list[str]]:
    placed = {placement.article_id: placement for placement in cluster(articles)}
    right = wrong = missed = 0
    said: list[str] = []
    for a, b in itertools.combinations(articles, 2):
        is_one = story[a.article_id] == story[b.article_id]
        joined = placed[a.article_id].story_id == placed[b.article_id].story_id
        right += is_one and joined
        wrong += joined and not is_one
        missed += is_one and not joined
        if is_one != joined:
            said.append(f"{'split' if is_one else 'merged'} {a.article_id} / {b.article_id}: {compare(a, b)}")
    return 2 * right / (2 * right + wrong + missed), said


def test_variants_join_and_near_misses_stay_apart() -> None:
    score, said = f1(*corpus())
    assert score >= 0.97, "\n".join(said)


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("relation", ["copy", "cut", "headline_changed", "house_intro"])
def test_relation_is_named_for_what_was_done(base: str, relation: str) -> None:
    articles, _ = corpus()
    placed = {placement.article_id: placement for placement in cluster(articles)}
    assert placed[f"{base}-{relation}"].relation == relation
    assert placed[f"{base}-{relation}"].evidence


def test_uncredited_copies_get_the_agency_of_the_credited_one() -> None:
    articles, story = corpus()
    for placement in cluster(articles):
        if story[placement.article_id] in BASES:
            assert placement.origin_agency == BASES[story[placement.article_id]][2]
            assert placement.lead_article_id == f"{story[placement.article_id]}-own"


def test_an_article_of_two_dispatches_does_not_chain_them() -> None:
    (ore_title, ore, _), (court_title, court, _) = BASES.values()
    both = article("both", "The North's ships and stones", "\n\n".join([*paragraphs(ore)[:5], *paragraphs(court)[:3]]), hours=9)
    ore_own = article("ore", ore_title, ore, agency="Reuters", publisher="Reuters")
    court_own = article("court", court_title, court, agency="AFP", publisher="AFP", hours=1)
    first, second, merged = cluster([ore_own, court_own, both])
    assert first.story_id != second.story_id
    assert (merged.story_id, merged.relation, merged.related_to) == (first.story_id, "merged_from", "ore")


def test_same_agency_advances_its_lead_within_a_day() -> None:
    title, text, _ = BASES["court"]
    advanced = text.replace(
        paragraphs(text)[0],
        "Dutch prosecutors will appeal for a higher penalty after a court in Rotterdam fined the brokerage Kade & Zoon 2.1 million euros on Tuesday for insuring ships with North Korean coal, their office said.",
    )
    early = article("early", title, text, agency="AFP", publisher="AFP")
    late = article(
        "late", "Dutch court fines broker for coal ships, prosecutors appeal", advanced, agency="AFP", publisher="AFP", hours=4
    )
    a, b = cluster([early, late])
    assert (b.story_id, b.relation) == (a.story_id, "update_of")


@pytest.mark.parametrize(("kind", "relation"), [("correction", "correction_of"), ("kill", "kill_of")])
def test_notice_belongs_to_the_story_it_names(kind: str, relation: str) -> None:
    title, text, _ = BASES["court"]
    own = article("own", title, text, agency="AFP", publisher="AFP")
    body = "Editors: kindly withdraw the dispatch of this morning from Rotterdam. The sum of the fine and the name of the company are in dispute and no substitute will follow before tomorrow."
    word = {"correction": "CORRECTED-", "kill": "KILL-"}[kind]
    notice = article("notice", word + title, body, agency="AFP", publisher="AFP", hours=3, notice=Notice(kind, word))  # type: ignore[arg-type]
    a, b = cluster([own, notice])
    assert (b.story_id, b.relation, b.related_to) == (a.story_id, relation, "own")


def test_kill_under_a_headline_of_its_own_finds_what_it_quotes() -> None:
    title, text, _ = BASES["court"]
    own = article("own", title, text, agency="AFP", publisher="AFP")
    other = article("other", *BASES["ore"][:2], agency="AFP", publisher="AFP", hours=1)
    body = f'Please kill the dispatch headlined "{title}" sent from Rotterdam this morning. The names in it are not those of the judgment.'
    kill = article("kill", "ADVISORY: mandatory kill", body, agency="AFP", publisher="AFP", hours=5, notice=Notice("kill", "kill"))
    a, _, b = cluster([own, other, kill])
    assert (b.story_id, b.relation) == (a.story_id, "kill_of")


def test_repost_after_ninety_days_is_named() -> None:
    title, text, _ = BASES["ore"]
    a, b = cluster([article("first", title, text), article("again", title, text, hours=24 * 365)])
    assert (b.story_id, b.relation) == (a.story_id, "republished")
