"""Everything on one machine, in order: PostgreSQL, migrations, mailbox, sample server, Airflow; and all of it stopped again.

One process owns the others. Whatever ends it - Ctrl-C, SIGTERM, a closed terminal, an error - it stops what it started;
what a ``kill -9`` of it leaves behind is told to stop by the kernel (``leash``) and found by its mark (``processes``).
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from sanctions_watch.clock import SystemClock, VirtualClock
from sanctions_watch.data import include
from sanctions_watch.errors import ConfigurationError, WarehouseError
from sanctions_watch.local import airflow_parts
from sanctions_watch.local.display import Display, Figure
from sanctions_watch.local.place import Lock, Place, write_privately
from sanctions_watch.local.ports import free_port, is_free
from sanctions_watch.local.postgres import EmbeddedPostgres
from sanctions_watch.local.processes import Component, Family, sweep
from sanctions_watch.local.replay import Settling, remember_clock, resume_clock, server_status, write_feeds
from sanctions_watch.local.sample_server import read_timeline
from sanctions_watch.ports import Counts
from sanctions_watch.settings import PREFIX, read_settings

if TYPE_CHECKING:
    from sanctions_watch.ports import Warehouse

BI_ROLE = "sanctions_watch_bi"
_FIRST_PORTS = {"page": 8080, "mailbox_page": 8025, "smtp": 1025, "sample": 8018}
_PRELOADED = Path(__file__).with_name("scheduler")  # its airflow_local_settings.py is for the scheduler alone
_HEALTHY_SECONDS = 240.0
_DRAIN_SECONDS = 900.0  # after its last day the replay may take this long until it counts as stuck
_RESTARTS = 5
_STEADY_SECONDS = 60.0  # what ran that long may be started again as often as at first
_COUNT_SECONDS = 2.0
_LEAD_SECONDS = 25.0  # how long Airflow takes to start, until a first start has measured it


@dataclass(frozen=True, slots=True)
class Options:
    """What the user chose. ``feeds`` None is the bundled replay; ``warehouse_url`` "" the embedded server."""

    feeds: Path | None = None
    warehouse_url: str = ""
    is_once: bool = False


class Stopped(BaseException):
    """Somebody asked us to stop. Not an Exception: nothing on the way may take it for a failure."""


@dataclass(slots=True)
class _Signals:
    """The first signal raises Stopped where the work is; later ones, while stopping, mean "faster"."""

    is_stopping: bool = False
    wants_hurry: bool = False

    @contextmanager
    def handled(self) -> Iterator[None]:
        """Handle them for the while."""
        before = {number: signal.signal(number, self._take) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _take(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - the form signal.signal calls
        if self.is_stopping:
            self.wants_hurry = number == signal.SIGINT
            return
        self.is_stopping = True
        raise Stopped


@dataclass(slots=True)
class Launcher:
    """One run, from the first check to the last process stopped."""

    place: Place
    options: Options
    display: Display
    _ports: dict[str, int] = field(default_factory=dict)
    _clock: SystemClock | VirtualClock = field(default_factory=SystemClock)
    _warehouse_url: str = ""
    _password: str = ""
    _has_gone_through: bool = False
    _told_at: dict[str, float] = field(default_factory=dict)

    def run(self) -> int:
        """Start everything, show the progress, stop everything. Answers the exit code. Raises SanctionsWatchError."""
        self.place.prepare()
        lock = Lock(self.place)
        if not lock.take():
            running = self.place.remembered("launcher")
            where = running.get("page_url", "it is still starting")
            self.display.say(f"Sanctions Watch already runs here (process {lock.holder()}): {where}")
            self.display.say("`make status` says more, `make stop` stops it.")
            return 1
        (self.place.var / "run" / "launcher.json").unlink(missing_ok=True)  # of a run that was killed
        signals = _Signals()
        family = Family(str(self.place.var))
        postgres = EmbeddedPostgres(self.place.postgres)
        try:
            with signals.handled():
                try:
                    self._start(family, postgres)
                    return self._watch(family, postgres)
                except Stopped:
                    return 0 if self._has_gone_through or not self.options.is_once else 130
                finally:
                    signals.is_stopping = True
                    self._stop(family, postgres, signals)
        finally:
            lock.release()

    # -- starting

    def _start(self, family: Family, postgres: EmbeddedPostgres) -> None:
        begun = time.monotonic()
        left = sweep(family.mark)
        if left:
            self.display.say(f"An earlier run was cut off: ended {left} process{'' if left == 1 else 'es'} that it had left.")
        self._choose_ports()
        self.display.say("Starting PostgreSQL ...")
        postgres.start()
        postgres.create_database("airflow")
        self._warehouse_url = self._choose_warehouse(postgres)
        base = self._environment()
        airflow_url = postgres.url("airflow")
        airflow = airflow_parts.environment(self.place, base, postgres.url("airflow", "postgresql+psycopg2"), self._ports["page"])
        self._migrate(airflow, airflow_url, family.mark)
        self._password = airflow_parts.write_password(self.place)
        self._start_servers(family, base)
        self.display.say("Starting Airflow ...")
        for name, command in airflow_parts.PARTS.items():
            extra = {"PYTHONPATH": f"{self.place.plugins}:{_PRELOADED}"} if name == "scheduler" else {}
            family.start(Component(name, command, {**airflow, **extra}, self.place.logs / f"{name}.log"))
        self._await_airflow(family)
        seconds = time.monotonic() - begun
        self.place.remember("startup", {"seconds": round(seconds, 1)})
        self._note_running()
        self.display.say(f"All healthy after {seconds:.0f} s.\n")
        self._say_where()

    def _choose_ports(self) -> None:
        known = self.place.remembered("ports")
        for name, first in _FIRST_PORTS.items():
            port = known.get(name, 0)
            if port and is_free(port):
                self._ports[name] = port
                continue
            if port and name == "sample" and self.options.feeds is None:
                raise ConfigurationError([
                    f"port {port}, which the addresses of the replay's articles name, is taken: free it, or start afresh with `make clean`"
                ])  # fmt: skip
            self._ports[name] = free_port(first, frozenset(self._ports.values()))
        self.place.remember("ports", self._ports)

    def _choose_warehouse(self, postgres: EmbeddedPostgres) -> str:
        """The replay and the real feeds have a database each: no invented allegation stands in a real ledger."""
        url = self.options.warehouse_url.replace("postgresql+psycopg://", "postgresql://", 1)
        if not url:
            name = "sanctions_watch" if self.options.feeds is None else "sanctions_watch_live"
            postgres.create_database(name)
            url = postgres.url(name)
        _check_server(url)
        write_privately(self.place.var / "run" / "warehouse.secret", url)
        return url

    def _environment(self) -> dict[str, str]:
        """The environment of every process: the user's, with our settings. Raises ConfigurationError."""
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith((f"{PREFIX}TEST_", "PYTHON", "AIRFLOW_")) and name not in ("FEEDS", "WAREHOUSE_URL", "ONCE")
        }
        direct = ",".join(filter(None, (inherited.get("NO_PROXY") or inherited.get("no_proxy", ""), "127.0.0.1", "localhost")))
        chosen = {
            "WAREHOUSE_URL": self._warehouse_url,
            "PAGE_URL": f"http://127.0.0.1:{self._ports['page']}",
            "MAILBOX": str(self.place.mailbox),
            "SIGNING_KEY": self.place.secret("signing"),
            "CACHE": str(self.place.var / "cache"),
        }
        own_server = {
            "SMTP_URL": f"smtp://127.0.0.1:{self._ports['smtp']}",
            "MAIL_FROM": "Sanctions Watch <sanctions-watch@localhost>",
        }
        if self.options.feeds is None:
            timeline = read_timeline(include("sample/timeline.yaml"))
            lead = timedelta(seconds=min(60.0, float(self.place.remembered("startup").get("seconds", _LEAD_SECONDS))))
            self._clock = resume_clock(self.place, timeline, lead, datetime.now(UTC))
            chosen |= own_server | {
                "FEEDS": str(write_feeds(self.place, self._ports["sample"])),
                "SUBSCRIBERS": str(include("sample/subscribers.yaml")),
                "CLOCK": self._clock.spec(),
                "COLLECT_SECONDS": "5",
                "DIGEST_SECONDS": "10",  # a day of the replay
                "ALLOWED_HOSTS": f"127.0.0.1:{self._ports['sample']}",
            }
        else:
            # A mail server of the user's own is used where the environment names one; else mails stay on this machine.
            chosen |= {name: inherited.get(PREFIX + name, value) for name, value in own_server.items()}
            chosen |= {"FEEDS": str(self.options.feeds.resolve())}
        environment = {
            **inherited,
            **{PREFIX + name: value for name, value in chosen.items()},
            "PYTHONPATH": str(self.place.plugins),
            "PYTHONUNBUFFERED": "1",
            "NO_PROXY": direct,
            "no_proxy": direct,
            # Memory and processor are shared by all parts: few allocator arenas, and no thread pools in numerical libraries.
            "MALLOC_ARENA_MAX": "2",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }
        read_settings(environment)
        return environment

    def _migrate(self, airflow: Mapping[str, str], airflow_url: str, mark: str) -> None:
        """Bring both databases up to date, at the same time. Raises MigrationError or WarehouseError."""
        from sanctions_watch.adapters.warehouse import migrate

        migration: Family | None = None
        if not airflow_parts.is_migrated(self.place, airflow_url):
            self.display.say("Preparing Airflow's database (only the first time) ...")
            migration = Family(mark)
            migration.start(
                Component("migrate", (*airflow_parts.COMMAND, "db", "migrate"), airflow, self.place.logs / "migrate.log")
            )
        migrate(self._warehouse_url)
        self._open_bi_role()
        if migration is not None:
            component = migration.components[0]
            while component.pid is not None:
                time.sleep(0.1)
            if component.process is None or component.process.returncode:
                raise WarehouseError(f"Airflow's database could not be prepared, see {component.log}:\n{component.last_words()}")
            airflow_parts.note_migrated(self.place, airflow_url)

    def _open_bi_role(self) -> None:
        """Give the read-only role of the migration a password and write its address to ``var/bi-url``."""
        password = self.place.secret("bi-password", 18)
        statement = sql.SQL("alter role {} login password {}").format(sql.Identifier(BI_ROLE), sql.Literal(password))
        try:
            with psycopg.connect(self._warehouse_url, autocommit=True, connect_timeout=10) as connection:
                connection.execute(statement)
        except psycopg.Error as error:
            self.display.say(
                f"No password for the read-only role {BI_ROLE}: {_first_line(error)}. Set one as that server's administrator."
            )
            return
        parts = urlsplit(self._warehouse_url)
        place = f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
        write_privately(
            self.place.var / "bi-url", urlunsplit(("postgresql", f"{BI_ROLE}:{password}@{place}", parts.path, "", "")) + "\n"
        )

    def _start_servers(self, family: Family, base: Mapping[str, str]) -> None:
        python = (sys.executable, "-P", "-m")
        mailbox = (
            *python,
            "sanctions_watch.local.mailbox",
            str(self.place.mailbox),
            str(self._ports["smtp"]),
            str(self._ports["mailbox_page"]),
        )
        family.start(Component("mailbox", mailbox, base, self.place.logs / "mailbox.log"))
        if self.options.feeds is None:
            memory = self.place.var / "run" / "sample-delivered.json"
            sample = (*python, "sanctions_watch.local.sample_server", str(self._ports["sample"]), "--memory", str(memory))
            family.start(Component("sample", sample, base, self.place.logs / "sample.log"))

    def _await_airflow(self, family: Family) -> None:
        """Wait until all parts are healthy, creating the pools as soon as the API answers. Raises WarehouseError."""
        end = time.monotonic() + _HEALTHY_SECONDS
        pools = json.loads(include("pools.json").read_text(encoding="utf-8"))
        has_pools = False
        parts: dict[str, str] = {}
        while time.monotonic() < end:
            self._revive(family)
            parts = airflow_parts.health(self._ports["page"])
            if parts and not has_pools:
                airflow_parts.create_pools(self._ports["page"], self._password, pools)
                has_pools = True
            if parts and all(word == "healthy" for word in parts.values()):
                return
            time.sleep(0.5)
        ill = [name for name, word in parts.items() if word != "healthy"] or ["the API server"]
        raise WarehouseError(
            f"Airflow is not healthy after {_HEALTHY_SECONDS:.0f} s ({', '.join(ill)}): see the logs in {self.place.logs}"
        )

    # -- running

    def _watch(self, family: Family, postgres: EmbeddedPostgres) -> int:
        """Keep everything alive and show the progress until somebody stops us or, with ``is_once``, the replay has gone through."""
        from sanctions_watch.adapters.warehouse import connect

        warehouse = connect(self._warehouse_url)
        settling = Settling()
        deadline = self._deadline()
        next_count = 0.0
        while True:
            now = time.monotonic()
            self._remember_clock()
            self._revive(family)
            if now >= next_count:
                next_count = now + _COUNT_SECONDS
                if not postgres.is_running() and not self.place.is_full():
                    self.display.say("PostgreSQL ended: it is started again.")
                    postgres.start()
                counts = self._count(warehouse)
                if counts is not None:
                    self._show(counts)
                    if self._is_through(settling, counts):
                        self._say_through(counts)
                        if self.options.is_once:
                            return 0
            if self.options.is_once and now > deadline:
                self.display.say(
                    "The replay did not go through in time: `make run` goes on with it, and the logs in var/log say why."
                )
                return 1
            time.sleep(1)

    def _deadline(self) -> float:
        rest = 0.0
        if isinstance(self._clock, VirtualClock) and self._clock.end is not None:
            rest = (self._clock.end - self._clock.now()).total_seconds() / self._clock.speed
        return time.monotonic() + max(0.0, rest) + _DRAIN_SECONDS

    def _remember_clock(self) -> None:
        if isinstance(self._clock, VirtualClock):
            try:
                remember_clock(self.place, self._clock)
            except OSError as error:
                self._say_once_a_minute(
                    f"Cannot write to {self.place.var}: {error.strerror}. Free some space; everything goes on by itself."
                )

    def _revive(self, family: Family) -> None:
        """Start again what ended by itself, more slowly each time. Raises WarehouseError where that does not help."""
        for component in family.ended():
            code = component.process.returncode if component.process is not None else 0
            ran = component.ended_at - component.started_at
            if self.place.is_full():
                self._say_once_a_minute(
                    f"{component.name} ended with code {code}; the disk is full. Free some space: it starts again by itself."
                )
                continue
            if ran > _STEADY_SECONDS:
                component.restarts = 0
            if component.restarts >= _RESTARTS:
                raise WarehouseError(
                    f"{component.name} ended {_RESTARTS + 1} times (last with code {code}), see {component.log}:\n{component.last_words()}"
                )
            if time.monotonic() - component.ended_at < 2.0**component.restarts:
                continue
            component.restarts += 1
            self.display.say(f"{component.name} ended with code {code} (see {component.log}): started again.")
            component.start()

    def _count(self, warehouse: Warehouse) -> Counts | None:
        try:
            with warehouse.begin() as unit:
                return unit.counts(self._clock.now())
        except WarehouseError as error:
            self._say_once_a_minute(f"The warehouse does not answer: {_first_line(error)}")
            return None

    def _show(self, counts: Counts) -> None:
        title = (
            f"Replay, {self._clock.now():%d %b %Y %H:%M} UTC"
            if self.options.feeds is None
            else f"{datetime.now(UTC):%d %b %Y %H:%M} UTC"
        )
        self.display.progress(title, figures(counts))

    def _is_through(self, settling: Settling, counts: Counts) -> bool:
        if self._has_gone_through or self.options.feeds is not None:
            return False
        is_delivered = bool(server_status(self._ports["sample"]).get("is_delivered"))
        self._has_gone_through = settling.has_gone_through(counts, is_delivered=is_delivered, at=time.monotonic())
        return self._has_gone_through

    def _say_once_a_minute(self, line: str) -> None:
        now = time.monotonic()
        if now - self._told_at.get(line, -60.0) >= 60.0:
            self._told_at[line] = now
            self.display.say(line)

    # -- saying

    def _say_where(self) -> None:
        page = f"http://127.0.0.1:{self._ports['page']}"
        lines = [
            (
                "Airflow",
                f"{page}   user {airflow_parts.ADMIN}, password {self._password} (kept in {self.place.airflow / 'passwords.json'})",
            ),
            ("Mails", f"http://127.0.0.1:{self._ports['mailbox_page']}   or: make mailbox, make mailbox MAIL=1"),
            ("Warehouse", f"for BI, read-only: the address in {self.place.var / 'bi-url'}"),
            ("Logs", str(self.place.logs)),
            ("Stop", "Ctrl-C here, or: make stop; make status says what runs"),
        ]
        for name, text in lines:
            self.display.say(f"  {name:<10} {text}")
        self.display.say()

    def _say_through(self, counts: Counts) -> None:
        self.display.end_progress()
        self.display.say(
            f"\nThe replay has gone through: {counts.articles} articles, {counts.claims} claims, {counts.allegations} allegations, "
            f"{counts.mails_sent} mails."
        )
        if self.options.is_once:
            self.display.say(
                "Everything is stopped now, as ONCE=1 asks. make mailbox shows the mails; make run brings Airflow and the page back."
            )
        else:
            self.display.say("Where to look next:")
            self._say_where()

    def _note_running(self) -> None:
        self.place.remember("launcher", {
            "pid": os.getpid(),
            "since": datetime.now(UTC).isoformat(timespec="seconds"),
            "page_url": f"http://127.0.0.1:{self._ports['page']}",
            "mailbox_url": f"http://127.0.0.1:{self._ports['mailbox_page']}",
            "sample_url": f"http://127.0.0.1:{self._ports['sample']}" if self.options.feeds is None else "",
            "is_replay": self.options.feeds is None,
            "clock": self._clock.spec() if isinstance(self._clock, VirtualClock) else "",
        })  # fmt: skip

    # -- stopping

    def _stop(self, family: Family, postgres: EmbeddedPostgres, signals: _Signals) -> None:
        self.display.end_progress()
        self.display.say("Stopping ...")
        (self.place.var / "run" / "launcher.json").unlink(missing_ok=True)

        def hurry() -> bool:
            return signals.wants_hurry

        family.stop(airflow_parts.PARTS.keys(), hurry=hurry)  # before the mailbox: a mail may be on its way
        family.stop(hurry=hurry)
        postgres.stop()
        self.display.say("Stopped.")


def figures(counts: Counts) -> list[Figure]:
    """The progress in the order of the flow."""
    shown = asdict(counts)
    names = {
        "feeds_polled": "feeds polled", "entries": "entries", "articles": "articles", "stories": "stories", "claims": "claims",
        "allegations": "allegations", "mails_sent": "mails", "waiting": "waiting",
    }  # fmt: skip
    return [Figure(label, f"{shown[name]:,}") for name, label in names.items()]


def _check_server(url: str) -> None:
    """Raises ConfigurationError where the warehouse's server does not answer or is too old."""
    if urlsplit(url).scheme not in ("postgresql", "postgres"):
        raise ConfigurationError(
            ["WAREHOUSE_URL is no address of the form postgresql://user:password@host:port/database"]
        )  # it may hold a password
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            number = connection.info.server_version
    except psycopg.Error as error:
        raise ConfigurationError([f"the warehouse (WAREHOUSE_URL) does not answer: {_first_line(error)}"]) from error
    if number < 150_000:
        raise ConfigurationError([f"the warehouse's server is PostgreSQL {number // 10_000}; 15 or newer is needed"])


def _first_line(error: BaseException) -> str:
    return str(error).strip().split("\n", 1)[0]
