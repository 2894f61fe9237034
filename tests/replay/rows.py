"""What the replay gave, held row by row against include/sample/expected.yaml.

Every difference is one line of words. Those known today stand in ``known_gaps.txt``: a new one fails the test, and so does one that is
gone (take it out of the file: the system got better, and the file must say so).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import yaml

from sanctions_watch.data import include
from sanctions_watch.text import fold

ROOT = Path(__file__).resolve().parents[2]
GAPS = Path(__file__).with_name("known_gaps.txt")


def expected() -> dict[str, Any]:
    return yaml.safe_load(include("sample/expected.yaml").read_text(encoding="utf-8"))


def known_gaps() -> set[str]:
    return {line for line in GAPS.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")}


def differences(url: str) -> list[str]:
    """Each row that is not as expected, in words, sorted."""
    with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://")) as connection:
        return sorted(_differences(connection))


def _differences(connection: psycopg.Connection[Any]) -> Iterator[str]:
    wanted = expected()
    timeline = yaml.safe_load(include("sample/timeline.yaml").read_text(encoding="utf-8"))
    by_path = {article["path"]: article["id"] for article in timeline["articles"]}
    name_of: dict[str, str] = {}
    for article_id, url in connection.execute(
        "select distinct v.article_id, e.url from core.article_versions v join raw.entries e using (entry_id)"
    ):
        name = by_path.get(urlsplit(url).path)
        if name is None:
            yield f"an article that the timeline does not have: {url}"
        else:
            name_of[article_id] = name
    yield from _articles(connection, wanted, name_of)
    yield from _stories(connection, wanted, name_of)
    yield from _claims(connection, wanted, name_of)
    yield from _allegations(connection, wanted)
    yield from _mails(connection, wanted, name_of)


def _articles(connection: Any, wanted: Any, name_of: dict[str, str]) -> Iterator[str]:
    got = defaultdict(list)
    for article_id, is_selected in connection.execute("select article_id, bool_or(is_selected) from core.selections group by 1"):
        got[name_of[article_id]].append(is_selected)
    for article in wanted["articles"]:
        rows = got.pop(article["id"], [])
        if len(rows) != 1:
            yield f"article {article['id']}: {len(rows)} articles in the warehouse, not one"
        elif rows[0] != article["selected"]:
            yield f"selection {article['id']}: {'selected' if rows[0] else 'not selected'}"


def _stories(connection: Any, wanted: Any, name_of: dict[str, str]) -> Iterator[str]:
    got = {
        name_of[article_id]: (story_id, relation)
        for article_id, story_id, relation in connection.execute(
            "select distinct on (article_id) article_id, story_id, relation from core.story_articles where is_current order by article_id, version"
        )
    }
    rows = {article["id"]: article for article in wanted["articles"] if article.get("story") and article["id"] in got}
    for first, second in combinations(rows, 2):
        is_one = rows[first]["story"] == rows[second]["story"]
        if is_one != (got[first][0] == got[second][0]):
            yield f"story {first} and {second}: {'apart' if is_one else 'together'}"


def _name(accused: str, kind: str, country: str) -> str:
    return country if kind == "state" and country else fold(accused)


def _claims(connection: Any, wanted: Any, name_of: dict[str, str]) -> Iterator[str]:
    got: dict[tuple[str, int], list[tuple[set[str], str, str]]] = defaultdict(list)
    for article_id, version, conduct, modality, keys in connection.execute(
        """select c.article_id, c.version, c.conduct, c.modality, array_agg(a.accused_key)
           from core.claims c
           join core.extractions e on e.extraction_id = c.extraction_id and e.superseded_at is null
           join core.claim_actors a on a.extraction_id = c.extraction_id and a.claim_id = c.claim_id and a.role = 'accused'
           where c.status = 'accepted' group by c.extraction_id, c.claim_id, 1, 2, 3, 4"""
    ):
        got[name_of[article_id], version].append((set(keys), conduct, modality))
    for article in wanted["articles"]:
        for version, row in enumerate([article, *article.get("versions", [])], 1):
            yield from _claims_of(f"{article['id']} v{version}", row.get("claims", []), got.get((article["id"], version), []))


def _claims_of(where: str, wanted: list[dict[str, Any]], got: list[tuple[set[str], str, str]]) -> Iterator[str]:
    pairs = Counter()
    for claim in wanted:
        names = {_name(claim["accused"], claim["kind"], claim.get("country", ""))}
        names |= {fold(name) for name in claim.get("accused_also", [])}
        conducts = {claim["conduct"], *claim.get("conduct_also", [])}
        said = [one for one in got if one[0] & names and one[1] in conducts]
        pairs.update((tuple(sorted(one[0])), one[1]) for one in said)
        if claim.get("optional"):
            continue
        modalities = {claim["modality"], *claim.get("modality_also", [])}
        if not said:
            yield f"claim {where}: missing {claim['accused']}, {claim['conduct']}, {claim['modality']}"
        elif not any(one[2] in modalities for one in said):
            yield f"claim {where}: {claim['accused']}, {claim['conduct']} is {', '.join(sorted({one[2] for one in said}))}, not {claim['modality']}"
    for keys, conduct, modality in got:
        if not pairs[tuple(sorted(keys)), conduct]:
            yield f"claim {where}: surplus {', '.join(sorted(keys))}, {conduct}, {modality}"


def _key(accused: str) -> str:
    return {"Russia": "RU", "North Korea": "KP", "China": "CN"}.get(accused, fold(accused))


def _allegations(connection: Any, wanted: Any) -> Iterator[str]:
    rows = connection.execute(
        """select a.accused_key, a.conduct, v.state, cardinality(v.roots)
           from core.allegations a
           join core.allegation_versions v on v.allegation_id = a.allegation_id
            and v.version = a.latest_version and v.revision = a.latest_revision"""
    ).fetchall()
    left = list(rows)
    for allegation in wanted["allegations"]:
        conducts = {allegation["conduct"], *allegation.get("conduct_also", [])}
        mine = [row for row in left if row[0] == _key(allegation["accused"]) and row[1] in conducts]
        if not mine:
            yield f"allegation missing: {allegation['accused']}, {allegation['conduct']}"
            continue
        left.remove(mine[0])
        _, _, state, roots = mine[0]
        if state != allegation["state"]:
            yield f"allegation {allegation['accused']}, {allegation['conduct']}: {state}, not {allegation['state']}"
        if roots != len(allegation["roots"]):
            yield f"allegation {allegation['accused']}, {allegation['conduct']}: {roots} roots, not {len(allegation['roots'])}"
    for accused, conduct, _, _ in left:
        yield f"allegation surplus: {accused}, {conduct}"


def _mails(connection: Any, wanted: Any, name_of: dict[str, str]) -> Iterator[str]:
    by_id = {allegation["id"]: allegation for allegation in wanted["allegations"]}
    got = Counter()
    for article_id, version, kind, accused_key, conduct, state in connection.execute(
        """select s.article_id, s.article_version, s.novelty, a.accused_key, a.conduct, n.state
           from core.notifications n
           join core.alerts l using (alert_id)
           join core.assessments s using (assessment_id)
           join core.allegations a on a.allegation_id = s.allegation_id
           where n.subscriber_id = 'everything'"""
    ):
        if state != "sent":
            yield f"mail {name_of[article_id]} v{version} {kind} {accused_key} {conduct}: {state}, not sent"
        got[name_of[article_id], version, kind, accused_key, conduct] += 1
    for mail in wanted["mails"]:
        allegation = by_id[mail["allegation"]]
        found = None
        for conduct in (allegation["conduct"], *allegation.get("conduct_also", [])):
            key = (mail["article"], mail.get("version", 1), mail["kind"], _key(allegation["accused"]), conduct)
            if got[key]:
                found = key
        if found:
            got[found] -= 1
        else:
            yield f"mail missing: {mail['article']} v{mail.get('version', 1)} {mail['kind']} {mail['allegation']}"
    for (article, version, kind, accused_key, conduct), count in got.items():
        for _ in range(count):
            yield f"mail surplus: {article} v{version} {kind} {accused_key} {conduct}"
