"""The processes of one launcher: started in sessions of their own, found again by a mark, and stopped to the last one.

Every process inherits ``MARKER`` in its environment, so that what a killed launcher left behind can be told from every
other process of the machine, whatever its number and however deep it was forked.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

MARKER = "SANCTIONSWATCH_LAUNCHER"  # not SANCTIONS_WATCH_…: those are settings, and unknown ones are refused
_PART = "SANCTIONSWATCH_PART"
GRACE_SECONDS = 10.0
_LOG_BYTES = 20_000_000  # a log beyond this is put aside when its component starts
_PROC = Path("/proc")


@dataclass(slots=True)
class Component:
    """One long-running part: how to start it and, once started, its process."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0  # time.monotonic()
    ended_at: float = 0.0  # when its end was noticed; 0 while it runs
    restarts: int = 0

    def start(self) -> None:
        """Start it in a session of its own, so that a terminal's Ctrl-C reaches the launcher alone. Raises OSError."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > _LOG_BYTES:
            self.log.replace(self.log.with_name(self.log.name + ".1"))
        leash = [sys.executable, "-I", "-S", str(Path(__file__).with_name("leash.py")), str(os.getpid())]
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [*leash, *self.command], stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                env=dict(self.environment), cwd="/", start_new_session=True,
            )  # fmt: skip
        self.started_at, self.ended_at = time.monotonic(), 0.0

    @property
    def pid(self) -> int | None:
        """Its process, None where it has none that runs."""
        return self.process.pid if self.process is not None and self.process.poll() is None else None

    def last_words(self, lines: int = 12) -> str:
        """The end of its log."""
        try:
            with self.log.open("rb") as file:
                file.seek(max(0, self.log.stat().st_size - 20_000))
                return "\n".join(file.read().decode("utf-8", "replace").splitlines()[-lines:])
        except FileNotFoundError:
            return ""


@dataclass(frozen=True, slots=True)
class Marked:
    """A process that carries a mark. ``started`` is in clock ticks since the machine's start: with the pid it is unique."""

    pid: int
    started: int
    part: str  # the name of the component it belongs to


@dataclass(slots=True)
class Family:
    """The components of one launcher. ``mark`` is the value of MARKER: the folder the launcher works in."""

    mark: str
    components: list[Component] = field(default_factory=list)

    def start(self, component: Component) -> None:
        """Start a component and keep it in the family."""
        # Without SPT_NOENV, setproctitle writes a process's title over its mark.
        component.environment = {**component.environment, MARKER: self.mark, _PART: component.name, "SPT_NOENV": "1"}
        self.components.append(component)
        component.start()

    def ended(self) -> list[Component]:
        """The components that ended by themselves."""
        gone = [component for component in self.components if component.process is not None and component.pid is None]
        for component in gone:
            component.ended_at = component.ended_at or time.monotonic()
        return gone

    def stop(self, names: Collection[str] = (), *, hurry: Callable[[], bool] = lambda: False) -> int:
        """Stop these components (all where none is named) with everything they started; answers how many had to be killed.

        ``hurry`` is asked while waiting: True kills at once.
        """
        chosen = [component for component in self.components if not names or component.name in names]
        sessions = {component.process.pid for component in chosen if component.process is not None}
        for session in sessions:
            _signal_session(session, signal.SIGTERM)
        _wait(lambda: hurry() or not any(_members(session) for session in sessions), GRACE_SECONDS, self._reap)
        left = sum(len(_members(session)) for session in sessions)
        for session in sessions:
            _signal_session(session, signal.SIGKILL)
        _wait(lambda: not any(_members(session) for session in sessions), 5, self._reap)
        self.components = [component for component in self.components if component not in chosen]
        if not self.components:
            left += sweep(self.mark, hurry=hurry)
        return left

    def _reap(self) -> None:
        for component in self.components:
            if component.process is not None:
                component.process.poll()


def marked(mark: str) -> list[Marked]:
    """The processes whose environment carries this mark, but for this one and those above it."""
    wanted = f"{MARKER}={mark}".encode()
    spared = _ancestry(os.getpid())
    found = []
    for pid in _pids():
        if pid in spared:
            continue
        try:
            environment = (_PROC / str(pid) / "environ").read_bytes().split(b"\0")
        except OSError:  # it ended, or it is somebody else's
            continue
        started = _started(pid)
        if wanted in environment and started is not None:
            part = next(
                (
                    entry.partition(b"=")[2].decode("utf-8", "replace")
                    for entry in environment
                    if entry.startswith(f"{_PART}=".encode())
                ),
                "",
            )
            found.append(Marked(pid, started, part))
    return found


def sweep(mark: str, *, hurry: Callable[[], bool] = lambda: False) -> int:
    """End every process with this mark, politely, then by force; answers how many there were."""
    first = marked(mark)
    for one in first:
        _signal(one, signal.SIGTERM)
    if first:
        _wait(lambda: hurry() or not marked(mark), GRACE_SECONDS)
    for one in marked(mark):
        _signal(one, signal.SIGKILL)
    if first:
        _wait(lambda: not marked(mark), 5)
    return len(first)


def is_alive(pid: int) -> bool:
    """Whether there is such a process that is not merely waiting to be collected by its parent."""
    return _started(pid) is not None


def memory_bytes(pid: int) -> int:
    """The memory that is this process's share (PSS), 0 where it may not be read."""
    try:
        text = (_PROC / str(pid) / "smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("Pss:")), 0)


# -- /proc


def _pids() -> list[int]:
    return [int(name) for name in os.listdir(_PROC) if name.isdecimal()]  # noqa: PTH208 - names alone are wanted, a thousand times


def _stat(pid: int) -> list[str] | None:
    """The fields of /proc/PID/stat from the state on (proc(5) counts it as the third); None for a process that is gone."""
    try:
        text = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return text.rpartition(")")[2].split()  # the name before it may hold spaces and brackets


def _started(pid: int) -> int | None:
    fields = _stat(pid)
    return None if fields is None or fields[0] in "ZX" else int(fields[19])


def _members(session: int) -> list[int]:
    """The living processes of a session."""
    found = []
    for pid in _pids():
        fields = _stat(pid)
        if fields is not None and fields[0] not in "ZX" and int(fields[3]) == session:
            found.append(pid)
    return found


def _ancestry(pid: int) -> set[int]:
    above = set()
    while pid > 0 and pid not in above:
        above.add(pid)
        fields = _stat(pid)
        pid = int(fields[1]) if fields is not None else 0
    return above


def _signal_session(session: int, sent: signal.Signals) -> None:
    for pid in _members(session):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, sent)


def _signal(one: Marked, sent: signal.Signals) -> None:
    """Signal a process unless its number has meanwhile gone to another one."""
    if _started(one.pid) == one.started:
        with contextlib.suppress(ProcessLookupError):
            os.kill(one.pid, sent)


def _wait(is_done: Callable[[], bool], seconds: float, meanwhile: Callable[[], None] = lambda: None) -> bool:
    end = time.monotonic() + seconds
    while True:
        meanwhile()
        if is_done():
            return True
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
