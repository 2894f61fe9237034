"""Who says it, and how firmly: the sources a sentence names outside of what they say."""

from __future__ import annotations

from dataclasses import replace

from sanctions_watch.records import Article, Attribution, Modality, Span, Stance
from sanctions_watch.stages.extract.languages.lexicon import Lexicon
from sanctions_watch.stages.extract.languages.sentences import Stretch


def voices(
    article: Article, stretch: Stretch, lexicon: Lexicon, told: tuple[int, int], before: Stretch | None = None
) -> tuple[Attribution, ...]:
    """The chain, nearest speaker first, documents and their authors last.

    ``told`` are the offsets in the sentence of what is said: no source is looked for there. Where the sentence names nobody, whoever speaks
    in the one before is inferred, and where that names nobody either, the publisher.
    """
    named = _named(stretch, lexicon, told)
    if named:
        return named
    if before is not None:
        said_before = _named(before, lexicon, (0, 0))
        if said_before:
            return tuple(replace(step, is_inferred=True) for step in said_before)
    return (Attribution(article.publisher or "the article", "publisher", "", "reports", None, is_inferred=True),)


def _named(stretch: Stretch, lexicon: Lexicon, told: tuple[int, int]) -> tuple[Attribution, ...]:
    found: dict[str, tuple[tuple[bool, int], Attribution]] = {}
    taken: list[tuple[int, int]] = [told]
    for row in lexicon.sources:
        for match in row.pattern.finditer(stretch.text):
            group = "name" if "name" in row.pattern.groupindex else 0
            start, end = match.span(group)
            if start == end or any(start < last and first < end for first, last in taken):
                continue
            taken.append((start, end))
            name = row.name or match[group].strip()
            stance: Stance = "documents" if row.kind == "document" else "asserts"
            is_root = row.kind == "document" or row.name in {"Panel of Experts", "MSMT"}
            place = Span(stretch.start + start, stretch.start + end)
            found.setdefault(name, ((is_root, start), Attribution(name, row.kind, _verb(stretch.text, lexicon), stance, place)))
    return tuple(step for _, step in sorted(found.values(), key=lambda pair: pair[0]))


def modality(text: str, lexicon: Lexicon, chain: tuple[Attribution, ...]) -> Modality:
    """Confirmed by a court or an admission, documented by a paper or a picture, else alleged."""
    if lexicon.confirmed.search(text):
        return "confirmed"
    papers = any(step.kind == "document" or step.name in {"Panel of Experts", "MSMT"} for step in chain)
    return "documented" if papers or lexicon.documented.search(text) else "alleged"


def _verb(text: str, lexicon: Lexicon) -> str:
    match = lexicon.said.search(text)
    return match.group().strip() if match else ""
