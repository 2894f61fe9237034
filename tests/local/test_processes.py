"""Supervision with small processes of our own: nothing may outlive its launcher, and no stranger may be touched."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from sanctions_watch.local.processes import MARKER, Component, Family, is_alive, marked, sweep

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(300)"
# A parent with a child in the same session and a grandchild that left it for a session of its own.
DEEP = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
far = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"], start_new_session=True)
print("ready", child.pid, far.pid, flush=True)
time.sleep(300)
"""


def _until(is_true, seconds=15.0):
    end = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.05)


def _component(tmp_path, code, name="part"):
    return Component(name, (sys.executable, "-c", code), dict(os.environ), tmp_path / f"{name}.log")


def _ready(component):
    _until(lambda: component.log.exists() and "ready" in component.log.read_text())
    return [int(word) for word in component.log.read_text().split() if word.isdecimal()]


@pytest.fixture
def family(tmp_path):
    one = Family(str(tmp_path))
    yield one
    sweep(one.mark, hurry=lambda: True)


def test_stop_ends_children_and_those_that_left_the_session(family, tmp_path):
    component = _component(tmp_path, DEEP)
    family.start(component)
    child, far = _ready(component)
    top = component.pid
    assert {one.pid for one in marked(family.mark)} >= {top, child, far}
    assert {one.part for one in marked(family.mark)} == {"part"}
    family.stop()
    assert not any(is_alive(pid) for pid in (top, child, far))
    assert marked(family.mark) == []


def test_what_ignores_sigterm_is_killed(family, tmp_path, monkeypatch):
    monkeypatch.setattr("sanctions_watch.local.processes.GRACE_SECONDS", 0.5)
    component = _component(tmp_path, STUBBORN)
    family.start(component)
    _ready(component)
    assert family.stop() == 1
    assert component.pid is None


def test_a_hurry_does_not_wait(family, tmp_path):
    component = _component(tmp_path, STUBBORN)
    family.start(component)
    _ready(component)
    begun = time.monotonic()
    family.stop(hurry=lambda: True)
    assert time.monotonic() - begun < 5
    assert component.pid is None


def test_some_can_be_stopped_before_others(family, tmp_path):
    first, second = _component(tmp_path, DEEP, "first"), _component(tmp_path, STUBBORN, "second")
    family.start(first)
    family.start(second)
    _ready(first)
    _ready(second)
    family.stop(["first"])
    assert first.pid is None
    assert second.pid is not None


def test_what_ended_by_itself_is_told_with_its_last_words(family, tmp_path):
    component = _component(tmp_path, "print('one'); print('the reason'); raise SystemExit(3)")
    family.start(component)
    _until(lambda: family.ended() == [component])
    assert component.process.returncode == 3
    assert component.last_words(1) == "the reason"


def test_strangers_and_marks_of_others_are_spared(family, tmp_path):
    strangers = [
        subprocess.Popen(["sleep", "60"], env={MARKER: mark} if mark else {})
        for mark in ("", f"{tmp_path}-other", f"{tmp_path}/inside")
    ]
    ours = subprocess.Popen(["sleep", "60"], env={MARKER: str(tmp_path)})
    try:
        _until(lambda: len(marked(family.mark)) == 1)
        assert sweep(family.mark) == 1
        assert ours.wait(5) == -signal.SIGTERM
        assert all(stranger.poll() is None for stranger in strangers)
    finally:
        for process in (*strangers, ours):
            process.kill()
            process.wait()


def test_kill_9_of_the_launcher_leaves_nothing_behind(tmp_path):
    """Its own children are told by the kernel; what they left elsewhere is found by its mark."""
    launcher = tmp_path / "launcher.py"
    launcher.write_text(
        textwrap.dedent(f"""
        import os, sys, time
        from pathlib import Path
        sys.path.insert(0, {str(PLUGINS)!r})
        from sanctions_watch.local.processes import Component, Family
        family = Family({str(tmp_path)!r})
        family.start(Component("deep", (sys.executable, "-c", {DEEP!r}), dict(os.environ), Path({str(tmp_path / "deep.log")!r})))
        time.sleep(300)
        """)
    )
    process = subprocess.Popen([sys.executable, str(launcher)])
    log = tmp_path / "deep.log"
    _until(lambda: log.exists() and "ready" in log.read_text())
    child, far = (int(word) for word in log.read_text().split() if word.isdecimal())
    top = next(one.pid for one in marked(str(tmp_path)) if one.pid not in (child, far))
    process.kill()
    process.wait()
    _until(lambda: not is_alive(top))
    assert is_alive(far), "nobody told this one"
    assert sweep(str(tmp_path)) >= 1
    assert not any(is_alive(pid) for pid in (top, child, far))


def test_a_big_log_is_put_aside(family, tmp_path, monkeypatch):
    monkeypatch.setattr("sanctions_watch.local.processes._LOG_BYTES", 10)
    component = _component(tmp_path, "print('new')")
    component.log.write_text("an old log that is long\n")
    family.start(component)
    _until(lambda: component.pid is None)
    assert component.log.read_text() == "new\n"
    assert (tmp_path / "part.log.1").read_text() == "an old log that is long\n"
