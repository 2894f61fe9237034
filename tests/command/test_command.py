"""The command as a person runs it: a process, JSON Lines in and out."""

import contextlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sanctions_watch.cli import main

ROOT = Path(__file__).resolve().parents[2]
COAL = {
    "id": 7,
    "url": "https://post.example/coal",
    "publisher": "Harbour Post",
    "title": "UN panel: Lumina Bay Shipping moved North Korean coal",
    "published_at": "2019-05-14T09:00:00Z",
    "text": "SINGAPORE -- A Vietnamese company, Lumina Bay Shipping, bought 21,500 tonnes of coal from North Korea in March in breach of United "
    "Nations sanctions, the U.N. Panel of Experts said in a report seen by the Harbour Post on Monday.\n\nAdvertisement\n\n"
    "Security Council Resolution 2371 bans all exports of coal by North Korea.",
}
CHESS = {
    "id": "chess",
    "title": "Chess club opens its doors",
    "text": "The club in Tiong Bahru opens on Saturday.",
    "published_at": None,
}


def process(*words, given="", code=0):
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "plugins"), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-m", "sanctions_watch.cli", *words], input=given, capture_output=True, text=True, encoding="utf-8", env=environment, check=False
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    return done


def command(*words, given="", code=0):
    """The same without a new process: the parsers load once for all these tests."""
    out, errors, source = (
        io.TextIOWrapper(io.BytesIO(), "utf-8"),
        io.StringIO(),
        io.TextIOWrapper(io.BytesIO(given.encode()), "utf-8"),
    )
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        patch.setattr(sys, "stdin", source)
        try:
            ended = main(words)
        except SystemExit as usage:  # argparse ends so
            ended = usage.code
    out.flush()
    assert (ended or 0) == code, errors.getvalue()
    return subprocess.CompletedProcess(words, code, out.buffer.getvalue().decode(), errors.getvalue())


def lines(*rows):
    return "".join(row if isinstance(row, str) else json.dumps(row) + "\n" for row in rows)


def answers(verb, *rows, words=()):
    return [json.loads(line) for line in command(verb, *words, given=lines(*rows)).stdout.splitlines()]


def test_analyze_keeps_the_contract():
    said = answers(
        "analyze", COAL, "{not json\n", CHESS, '"text"\n', {"id": 9, "title": 5}, {"id": "empty", "title": "", "text": ""}
    )
    assert [answer["id"] for answer in said] == [7, 2, "chess", 4, 9, "empty"]
    coal, bad, chess, no_object, wrong, empty = said
    assert all("error" in answer for answer in (bad, no_object, wrong))
    assert coal["selection"]["selected"]
    assert not chess["selection"]["selected"]
    assert chess["selection"]["reasons"]
    assert chess["claims"] == empty["claims"] == []
    assert empty["text"] == ""
    assert "Advertisement" not in coal["text"]
    [claim] = [claim for claim in coal["claims"] if claim["status"] == "accepted"]
    assert [actor["name"] for actor in claim["accused"]] == ["Lumina Bay Shipping"]
    assert (claim["conduct"], claim["modality"]) == ("export.coal_iron", "documented")
    assert claim["mapped_rule"] == "2371 OP8"
    assert claim["quotes"]
    for quote in claim["quotes"]:
        assert coal["text"][quote["start"] : quote["end"]] == quote["text"] != ""


def test_as_a_process_of_its_own():
    done = process("analyze", given=lines(CHESS))
    assert json.loads(done.stdout)["id"] == "chess"
    assert done.stderr == ""


def test_cluster_tells_copies_from_reports_whatever_their_order():
    copy = {**COAL, "id": 8, "url": "https://other.example/a", "publisher": "Other", "title": "Coal from the North, experts say"}
    for rows in ((COAL, CHESS, copy), (copy, CHESS, COAL)):
        story = {answer["id"]: answer["story"] for answer in answers("cluster", *rows)}
        assert story[7] == story[8] != story["chess"]


COPY = {**COAL, "id": 8, "url": "https://other.example/a", "publisher": "Other", "title": "Coal from the North, experts say"}


def test_explain_shows_the_passages_that_two_rows_share(tmp_path):
    rows = tmp_path / "rows.jsonl"
    rows.write_text("\n".join(json.dumps(row) for row in (COAL, CHESS, COPY)))
    told = json.loads(command("explain", "--in", str(rows), "--json", "7", "8").stdout)
    assert told["one_story"]
    assert told["relation"] == "headline_changed"
    for passage in told["passages"]:
        assert told["texts"][0][passage["a_start"] : passage["a_end"]] == passage["text"]
        assert told["texts"][1][passage["b_start"] : passage["b_end"]] == passage["text"]
    shown = command("explain", "--in", str(rows), "7", "8").stdout
    assert "one story: headline_changed" in shown
    assert f"A {told['passages'][0]['a_start']}-{told['passages'][0]['a_end']}" in shown
    assert "two stories" in command("explain", "--in", str(rows), "7", "chess").stdout
    missing = command("explain", "--in", str(rows), "7", "nobody", code=1)
    assert "no readable row has the id nobody" in missing.stderr


@pytest.mark.postgres
def test_explain_takes_ids_of_the_warehouse(postgres_warehouse, warehouse_url):
    from tests.evaluation.test_stories import BASES, article
    from tests.unit.deduplicate.test_order import arrive, flow_of

    for rank, one in enumerate((article("own", *BASES["ore"][:2], agency="AP"), article("copy", *BASES["ore"][:2], hours=2))):
        arrive(postgres_warehouse, one, rank)
    flow = flow_of(postgres_warehouse, 10)
    flow.drain(flow.deduplicate)
    shown = command("explain", "--warehouse", warehouse_url, "own", "copy").stdout
    assert "copy: story" in shown
    assert "one story: copy" in shown


def test_replay_alerts_once_for_a_report_and_its_reprint():
    later = {**COAL, "id": 8, "url": "https://other.example/a", "publisher": "Other", "published_at": "2019-05-14T12:00:00Z"}
    first, chess, reprint = answers("replay", COAL, {**CHESS, "published_at": "2019-05-14T10:00:00Z"}, later)
    assert [(alert["kind"], alert["accused"], alert["family"]) for alert in first["alerts"]] == [
        ("NEW", "Lumina Bay Shipping", "export")
    ]
    assert chess["alerts"] == reprint["alerts"] == []


def test_replay_does_not_alert_for_a_report_that_is_printed_again_after_months():
    more = "The cargo was loaded in Nampo and sold to a cement works near Haiphong, says the report, which names the broker and two dates."
    first = {**COAL, "text": f"{COAL['text']}\n\n{more}"}
    repost = {**first, "id": 8, "url": "https://other.example/a", "publisher": "Other", "published_at": "2019-11-14T12:00:00Z"}
    told = answers("replay", first, repost)
    assert [len(answer["alerts"]) for answer in told] == [1, 0]


WATCHING = """
subscribers:
  - {id: now, name: Now, email: now@example.org, routes: [{entities: [Lumina Bay Shipping]}]}
  - {id: daily, name: Daily, email: daily@example.org, routes: [{delivery: daily, at: "08:00"}]}
  - {id: ships, name: Ships, slack: desk, routes: [{conducts: [sea]}]}
"""


def test_replay_says_what_subscribers_would_have_got_and_when(tmp_path):
    path = tmp_path / "subscribers.yaml"
    path.write_text(WATCHING)
    told = answers("replay", COAL, words=("--subscribers", str(path), "--text"))
    assert [(one["subscriber"], one["at"], one["is_digest"]) for one in told] == [
        ("now", "2019-05-14T09:00:00+00:00", False),
        ("daily", "2019-05-15T08:00:00+00:00", True),
    ]
    assert all("Lumina Bay Shipping" in one["text"] for one in told)
    assert "DIGEST" in told[1]["subject"]
    path.write_text("subscribers: [{id: a}]")
    assert "a way to reach them" in command("replay", "--subscribers", str(path), code=1).stderr


def test_extract_text_and_explain(tmp_path):
    page = ROOT / "include" / "sample" / "pages" / "ledger-permits.html"
    text = command("extract-text", str(page)).stdout
    assert "Russian Interior Ministry records" in text
    told = json.loads(command("extract-text", "--json", str(page)).stdout)
    assert told["zones"]
    assert told["removed"]
    article = tmp_path / "coal.json"
    article.write_text(json.dumps(COAL))
    explained = command("explain", str(article)).stdout
    assert "alleged by" in explained
    assert "export.coal_iron" in explained
    assert "two stories" in command("explain", str(article), str(page)).stdout


def test_help_teaches_and_errors_are_a_line():
    assert "Example:" in command("analyze", "--help").stdout
    assert "VERB" in command(code=2).stderr
    missing = command("analyze", "/nowhere.jsonl", code=1)
    assert missing.stderr.strip() == "sanctions-watch: /nowhere.jsonl cannot be read: No such file or directory"


def test_as_a_library():
    from sanctions_watch import Row, analyze

    [analysis] = analyze([Row(title=COAL["title"], text=COAL["text"])])
    assert analysis.selection.is_selected
    assert analysis.claims[0].conduct == "export.coal_iron"


@pytest.mark.parametrize("text", ["\ud800 lone surrogate", "nul \x00 byte", "\u202e right to left", "a" * 200_000])
def test_odd_text_is_answered(text):
    [answer] = answers("analyze", {"id": 1, "title": "North Korea sanctions", "text": text, "published_at": "2019-01-01"})
    assert answer["id"] == 1
    assert "error" not in answer
