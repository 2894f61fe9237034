"""Where the launcher keeps what it makes: the folder ``var/`` of a checkout, and the secrets in it."""

from __future__ import annotations

import fcntl
import json
import os
import pwd
import secrets
import shutil
import tempfile
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from sanctions_watch.errors import ConfigurationError

ROOT = Path(__file__).resolve().parents[3]  # the checkout
_LEAST_FREE = 1_000_000_000  # bytes: databases, logs and mails of a replay, with room to spare
_FULL = 20_000_000  # bytes: below it a database cannot work


@dataclass(frozen=True, slots=True)
class Place:
    """The files of one launcher. Everything below ``var`` may be removed while nothing runs."""

    root: Path
    var: Path

    @property
    def dags(self) -> Path:
        """Our DAG files."""
        return self.root / "dags"

    @property
    def plugins(self) -> Path:
        """The package and the page's plugin."""
        return self.root / "plugins"

    @property
    def airflow(self) -> Path:
        """AIRFLOW_HOME."""
        return self.var / "airflow"

    @property
    def logs(self) -> Path:
        """A log a component, and Airflow's task logs below it."""
        return self.var / "log"

    @property
    def mailbox(self) -> Path:
        """The mails, an .eml file each."""
        return self.var / "mailbox"

    @property
    def postgres(self) -> Path:
        """The embedded server's folder."""
        return self.var / "postgres"

    def prepare(self) -> None:
        """Make the folders. Raises ConfigurationError where that cannot be, or where the disk is nearly full."""
        if not self.dags.is_dir():
            raise ConfigurationError([f"{self.root} holds no dags/: `make run` works in a checkout of the project"])
        try:
            self.var.mkdir(parents=True, exist_ok=True)
            owner = self.var.stat().st_uid
            if owner != os.geteuid():
                raise ConfigurationError([
                    f"{self.var} belongs to the user {_user(owner)}: run as that user, or let that user remove it with `make clean`"
                ])  # fmt: skip
            for folder in (self.airflow, self.logs, self.mailbox, self.var / "run"):
                folder.mkdir(mode=0o700, exist_ok=True)
            free = shutil.disk_usage(self.var).free
        except OSError as error:
            raise ConfigurationError([f"{error.filename or self.var}: {error.strerror}: correct that and run again"]) from error
        if free < _LEAST_FREE:
            raise ConfigurationError([
                f"the disk that holds {self.var} has {free // 1_000_000} MB left, 1,000 MB are needed: free some and run again"
            ])  # fmt: skip

    def is_full(self) -> bool:
        """Whether next to nothing can be written any more."""
        return shutil.disk_usage(self.var).free < _FULL

    def secret(self, name: str, length: int = 32) -> str:
        """A random text made once and kept in a file that its owner alone can read."""
        path = self.var / "run" / f"{name}.secret"
        if not path.exists():
            write_privately(path, secrets.token_urlsafe(length))
        return path.read_text(encoding="utf-8").strip()

    def fernet_key(self) -> str:
        """Airflow's key for connections and variables: 32 random bytes in URL-safe base64."""
        path = self.var / "run" / "fernet.secret"
        if not path.exists():
            write_privately(path, urlsafe_b64encode(secrets.token_bytes(32)).decode("ascii"))
        return path.read_text(encoding="ascii").strip()

    def remembered(self, name: str) -> dict[str, Any]:
        """What an earlier moment wrote down under this name, empty where nothing did."""
        try:
            memory: dict[str, Any] = json.loads((self.var / "run" / f"{name}.json").read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return memory

    def remember(self, name: str, memory: dict[str, Any]) -> None:
        """Write it down for a later start."""
        write_privately(self.var / "run" / f"{name}.json", json.dumps(memory, indent=1))


def checkout(var: Path | None = None) -> Place:
    """The place of this checkout."""
    return Place(ROOT, (var or ROOT / "var").resolve())


class Lock:
    """The right to run here: held by one launcher at a time, and let go by the system however it ends."""

    def __init__(self, place: Place) -> None:
        self._path = place.var / "run" / "lock"
        self._file: IO[str] | None = None

    def take(self) -> bool:
        """Take it; False where another process holds it."""
        file = self._path.open("a+", encoding="ascii")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        self._file = file
        return True

    def release(self) -> None:
        """Let it go."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def holder(self) -> int | None:
        """The process that holds it, None where nobody does."""
        if not self._path.exists() or self._file is not None:
            return None
        with self._path.open("r+", encoding="ascii") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                written = file.read().strip()
                return int(written) if written.isdecimal() else 0
        return None


def write_privately(path: Path, text: str) -> None:
    """Replace a file as a whole, readable by its owner alone."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # mode 0600
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    Path(name).replace(path)


def _user(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
