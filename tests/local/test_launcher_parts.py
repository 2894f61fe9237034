"""What the launcher is made of: its place, its lock, the replay's clock, and when the replay counts as gone through."""

import io
import json
import os
import signal
import stat
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sanctions_watch.errors import ConfigurationError, WarehouseError
from sanctions_watch.local import airflow_parts
from sanctions_watch.local.__main__ import clean, main, status, stop
from sanctions_watch.local.display import Display, Figure
from sanctions_watch.local.launcher import Launcher, Options
from sanctions_watch.local.place import Lock, Place
from sanctions_watch.local.ports import free_port, is_free
from sanctions_watch.local.processes import MARKER, Component, Family
from sanctions_watch.local.replay import Settling, remember_clock, resume_clock, write_feeds
from sanctions_watch.local.sample_server import Timeline
from sanctions_watch.ports import Counts

ROOT = Path(__file__).resolve().parents[2]
START, END = datetime(2018, 8, 1, tzinfo=UTC), datetime(2018, 8, 28, tzinfo=UTC)


@pytest.fixture
def place(tmp_path):
    one = Place(ROOT, tmp_path / "var")
    one.prepare()
    return one


# -- the place


def test_secrets_are_made_once_and_private(place):
    assert place.secret("api") == place.secret("api") != place.secret("other")
    assert place.fernet_key() == place.fernet_key()
    for path in (place.var / "run").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for folder in (place.airflow, place.logs, place.mailbox, place.var / "run"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_nearly_full_disk_is_told_before_anything_starts(place, monkeypatch):
    monkeypatch.setattr("sanctions_watch.local.place._LEAST_FREE", 10**18)
    with pytest.raises(ConfigurationError, match="MB left"):
        place.prepare()


def test_a_folder_that_is_no_checkout(tmp_path):
    with pytest.raises(ConfigurationError, match="works in a checkout"):
        Place(tmp_path, tmp_path / "var").prepare()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_var_of_another_user_is_a_clear_line(place):
    os.chown(place.var, 12345, 12345)
    with pytest.raises(ConfigurationError, match="belongs to the user 12345"):
        place.prepare()


def test_the_lock_is_held_once_and_let_go_by_death(place):
    mine = Lock(place)
    assert mine.take()
    assert not Lock(place).take()
    assert Lock(place).holder() == os.getpid()
    mine.release()
    assert Lock(place).holder() is None
    code = (
        "import sys, time; from pathlib import Path; from sanctions_watch.local.place import Lock, Place\n"
        f"lock = Lock(Place(Path({str(ROOT)!r}), Path({str(place.var)!r}))); print(lock.take(), flush=True); time.sleep(60)"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code], env={"PYTHONPATH": str(ROOT / "plugins")}, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout.readline() == "True\n"
    assert Lock(place).holder() == other.pid
    other.kill()
    other.communicate()
    assert Lock(place).holder() is None
    assert mine.take()
    mine.release()


def test_ports():
    port = free_port(20000)
    assert is_free(port)
    assert free_port(port, frozenset({port})) > port


# -- the replay


def _timeline():
    return Timeline(START, END, (), (), Path())


def test_the_virtual_time_goes_on_where_it_stood(place):
    now = datetime(2026, 1, 1, tzinfo=UTC)
    lead = timedelta(seconds=20)
    first = resume_clock(place, _timeline(), lead, now)
    assert first.at(now) == first.at(now + lead) == START
    assert first.at(now + lead + timedelta(seconds=10)) == START + timedelta(days=1)
    place.remember("clock", {"virtual": "2018-08-10T06:00:00+00:00"})
    later = now + timedelta(days=300)
    second = resume_clock(place, _timeline(), lead, later)
    assert second.at(later + lead) == datetime(2018, 8, 10, 6, tzinfo=UTC)
    assert second.end == END


def test_after_its_end_the_clock_runs_at_real_speed_and_never_back(place):
    past = END + timedelta(minutes=7)
    place.remember("clock", {"virtual": past.isoformat()})
    now = datetime(2026, 1, 1, tzinfo=UTC)
    clock = resume_clock(place, _timeline(), timedelta(0), now)
    assert clock.at(now) == past
    assert clock.at(now + timedelta(hours=1)) == past + timedelta(hours=1)


def test_the_heartbeat_writes_the_virtual_time(place):
    clock = resume_clock(place, _timeline(), timedelta(0), datetime.now(UTC) - timedelta(seconds=10))
    remember_clock(place, clock)
    written = datetime.fromisoformat(place.remembered("clock")["virtual"])
    assert timedelta(days=1) <= written - START < timedelta(days=2)


def test_the_feeds_get_the_servers_address(place):
    text = write_feeds(place, 8018).read_text()
    assert "http://127.0.0.1:8018/feeds/" in text
    assert "{sample}" not in text


def test_gone_through_needs_everything_to_rest():
    counts, settling = Counts(entries=5, mails_sent=2), Settling()
    assert not settling.has_gone_through(counts, is_delivered=True, at=0)
    assert not settling.has_gone_through(counts, is_delivered=True, at=9)
    assert not settling.has_gone_through(replace(counts, waiting=1), is_delivered=True, at=11)
    assert not settling.has_gone_through(counts, is_delivered=True, at=20)
    assert not settling.has_gone_through(replace(counts, mails_sent=3), is_delivered=True, at=29)
    assert not settling.has_gone_through(replace(counts, mails_sent=3), is_delivered=False, at=40)
    assert settling.has_gone_through(replace(counts, mails_sent=3), is_delivered=True, at=50)


# -- what is shown


def test_plain_lines_where_there_is_no_terminal(monkeypatch):
    monkeypatch.setattr("sanctions_watch.local.display._LINE_SECONDS", 0.0)
    out = io.StringIO()
    with Display(out, width=200) as display:
        display.progress("Replay, 1 Aug", [Figure("entries", "3"), Figure("mails", "0")])
        display.progress("Replay, 2 Aug", [Figure("entries", "3"), Figure("mails", "0")])
        display.progress("Replay, 3 Aug", [Figure("entries", "4"), Figure("mails", "0")])
        display.say("a [link] is no markup")
    assert out.getvalue() == "Replay, 1 Aug: 3 entries, 0 mails\nReplay, 3 Aug: 4 entries, 0 mails\na [link] is no markup\n"


def test_a_table_on_a_terminal():
    out = io.StringIO()
    with Display(out, is_terminal=True, width=100) as display:
        display.progress("Replay, 1 Aug", [Figure("entries", "3"), Figure("mails", "12")])
    assert "entries" in out.getvalue()
    assert "12" in out.getvalue()


class _Closed(io.StringIO):
    def __init__(self, error):
        super().__init__()
        self.error = error

    def write(self, text):
        raise self.error


@pytest.mark.parametrize("is_terminal", [True, False])
@pytest.mark.parametrize("error", [BrokenPipeError(32, "Broken pipe"), OSError(5, "Input/output error")])
def test_a_reader_that_went_away_stops_nothing(error, is_terminal):
    with Display(_Closed(error), is_terminal=is_terminal, width=100) as display:
        for _ in range(2):
            display.say("one")
            display.progress("Replay", [Figure("entries", "3")])
        display.end_progress()


# -- Airflow's environment


def test_airflow_is_bound_to_this_machine_and_says_nothing_to_the_world(place):
    base = {
        "PATH": "/usr/bin",
        "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
        "AIRFLOW_HOME": "/elsewhere",
        "SANCTIONS_WATCH_BATCH": "5",
    }
    told = airflow_parts.environment(place, base, "postgresql+psycopg2://x", 8123)
    assert told["AIRFLOW_HOME"] == str(place.airflow)
    assert told["AIRFLOW__CORE__EXECUTOR"] == "LocalExecutor"
    assert told["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert told["AIRFLOW__API__BASE_URL"] == "http://127.0.0.1:8123"
    assert told["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://127.0.0.1:8123/execution/"
    assert told["AIRFLOW__USAGE_DATA_COLLECTION__ENABLED"] == "False"
    assert told["SANCTIONS_WATCH_BATCH"] == "5"
    for name in ("scheduler", "triggerer"):
        assert "--skip-serve-logs" in airflow_parts.PARTS[name], "it would listen on every address"


def test_the_admins_password_is_generated_and_private(place):
    password = airflow_parts.write_password(place)
    path = place.airflow / "passwords.json"
    assert json.loads(path.read_text()) == {"admin": password}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert airflow_parts.write_password(place) == password
    assert len(password) >= 16


def test_nothing_answers_is_no_health():
    assert airflow_parts.health(free_port(20000)) == {}


def test_the_scheduler_loads_the_stages_and_starts_no_thread():
    """A thread would be lost, and a lock it held stay locked, in every forked task."""
    code = "import airflow_local_settings, sys, threading; print('spacy' in sys.modules, threading.active_count())"
    path = f"{ROOT / 'plugins'}:{ROOT / 'plugins/sanctions_watch/local/scheduler'}"
    done = subprocess.run([sys.executable, "-P", "-c", code], env={"PYTHONPATH": path}, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("True 1\n", "")


# -- the commands


def test_a_second_run_says_where_the_first_is(place, capsys):
    lock = Lock(place)
    assert lock.take()
    place.remember("launcher", {"page_url": "http://127.0.0.1:8080"})
    try:
        with Display(sys.stdout, width=200) as display:
            assert Launcher(place, Options(), display).run() == 1
    finally:
        lock.release()
    said = capsys.readouterr().out
    assert f"already runs here (process {os.getpid()}): http://127.0.0.1:8080" in said


def test_stop_status_and_clean_where_nothing_runs(place, capsys):
    assert stop(place) == 0
    assert status(place) == 0
    assert clean(place) == 0
    assert not place.var.exists()
    assert clean(place) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Nothing was running.",
        "Sanctions Watch does not run here. Start it with: make run",
        "Nothing was running.",
        f"Removed {place.var}.",
        "Nothing to remove.",
    ]


def test_stop_and_status_find_what_a_killed_run_left(place, capsys):
    left = subprocess.Popen(["sleep", "60"], env={MARKER: str(place.var)})
    time.sleep(0.2)
    assert status(place) == 0
    assert "left 1 processes: make stop ends them" in capsys.readouterr().out
    assert stop(place) == 0
    assert left.wait(5) == -signal.SIGTERM
    assert "An earlier run was cut off" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["run", "--feeds", "no/such.yaml"], "FEEDS=no/such.yaml is no file"),
        (["mailbox", "3"], "there is no mail 3"),
    ],
)
def test_a_wrong_word_is_a_line_and_no_trace(tmp_path, capsys, arguments, line):
    assert main(["--var", str(tmp_path / "var"), *arguments]) == 1
    said = capsys.readouterr().err
    assert said.startswith("sanctions-watch: ")
    assert line in said
    assert "Traceback" not in said


# -- what ends by itself


@pytest.fixture
def failing(place, monkeypatch):
    """(launcher, family, what was said) with a component that ends at once, and no waiting between its starts."""
    monkeypatch.setattr(time, "monotonic", lambda: next(ticks))
    ticks = iter(range(0, 10**9, 40))  # each look is 40 s after the one before
    said = io.StringIO()
    family = Family(str(place.var))
    family.start(
        Component(
            "part", (sys.executable, "-c", "print('the reason'); raise SystemExit(3)"), dict(os.environ), place.logs / "part.log"
        )
    )
    yield Launcher(place, Options(), Display(said, width=300)), family, said
    family.components[0].process.wait()


def _look_often(launcher, family):
    for _ in range(30):
        family.components[0].process.wait()
        launcher._revive(family)


def test_what_ends_is_started_again_and_given_up_with_its_last_words(failing):
    launcher, family, said = failing
    with pytest.raises(WarehouseError, match="ended 6 times") as error:
        _look_often(launcher, family)
    assert "the reason" in str(error.value)
    assert said.getvalue().count("part ended with code 3") == 5


def test_on_a_full_disk_it_waits_for_room(failing, monkeypatch):
    launcher, family, said = failing
    monkeypatch.setattr("sanctions_watch.local.place._FULL", 10**18)
    _look_often(launcher, family)
    assert family.components[0].restarts == 0
    assert "the disk is full. Free some space" in said.getvalue()
    monkeypatch.setattr("sanctions_watch.local.place._FULL", 0)
    launcher._revive(family)
    assert family.components[0].restarts == 1
