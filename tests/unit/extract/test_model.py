"""The parser is the one that was reviewed."""

from pathlib import Path

import yaml

from sanctions_watch.data import include
from sanctions_watch.stages.extract.model import load_model, model_digests


def test_the_weights_are_the_reviewed_ones() -> None:
    wanted = yaml.safe_load(include("lexicon/model.yaml").read_text("utf-8"))["digests"]
    assert {"parser/model", "tok2vec/model", "tagger/model", "ner/model"} <= wanted.keys()
    assert wanted.items() <= model_digests(Path(str(load_model().path))).items()


def test_a_changed_weight_file_has_another_digest(tmp_path: Path) -> None:
    (tmp_path / "parser").mkdir()
    (tmp_path / "parser" / "model").write_bytes(b"weights")
    before = model_digests(tmp_path)
    (tmp_path / "parser" / "model").write_bytes(b"other weights")
    assert before.keys() == {"parser/model"}
    assert model_digests(tmp_path) != before


def test_the_model_is_loaded_once() -> None:
    assert load_model() is load_model()
