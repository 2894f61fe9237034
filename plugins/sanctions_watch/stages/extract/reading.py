"""One article as this stage reads it: its sentences, who is in it, its class words, and the parses of the sentences that matter."""

from __future__ import annotations

from dataclasses import dataclass, field

from spacy.tokens import Doc, Token

from sanctions_watch.records import Article
from sanctions_watch.stages.extract.actors import Cast
from sanctions_watch.stages.extract.candidates import Candidate, Hits
from sanctions_watch.stages.extract.sentences import Sentence


@dataclass
class Reading:
    """What is known about an article while its claims are made. Offsets are into ``Article.text``, token indices into one sentence's Doc."""

    article: Article
    sentences: tuple[Sentence, ...]
    hits: tuple[Hits, ...]
    candidates: tuple[tuple[Candidate, ...], ...]
    cast: Cast
    parses: dict[int, Doc] = field(default_factory=dict)
    _tokens: dict[int, dict[int, int]] = field(default_factory=dict)

    def doc(self, index: int) -> Doc | None:
        """The parse of a sentence, None where it was not parsed."""
        return self.parses.get(index)

    def token_at(self, index: int, position: int) -> Token | None:
        """The token of a sentence that covers an offset of the article."""
        doc = self.parses.get(index)
        if doc is None:
            return None
        table = self._tokens.get(index)
        if table is None:
            start = self.sentences[index].start
            table = {start + token.idx + letter: token.i for token in doc for letter in range(len(token.text))}
            self._tokens[index] = table
        found = table.get(position)
        return doc[found] if found is not None else None

    def head_within(self, index: int, start: int, end: int) -> Token | None:
        """The token of a stretch that governs the others in it ("rights" of "rights to fish"); the last where the parse ties none."""
        first, last = self.token_at(index, start), self.token_at(index, end - 1)
        if first is None or last is None:
            return last
        inside = [token for token in first.doc[first.i : last.i + 1] if not first.i <= token.head.i <= last.i]
        return inside[0] if len(inside) == 1 else last

    def offset(self, index: int, token: Token) -> int:
        """Where a token begins in the article's text."""
        return self.sentences[index].start + int(token.idx)

    def north_korea_distance(self, index: int) -> int:
        """How far back the last sentence that names North Korea is: 0 this one, 1 the one before ... 99 none. A paragraph's edge counts one more."""
        here = self.sentences[index]
        for back in range(min(index, 4) + 1):
            sentence = self.sentences[index - back]
            if sentence.zone != here.zone:
                break
            if self.cast.has_north_korea(sentence.start, sentence.end):
                return back + (1 if sentence.paragraph != here.paragraph else 0)
        return 99
