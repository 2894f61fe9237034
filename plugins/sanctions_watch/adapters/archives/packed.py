"""Files that may be packed with gzip, opened for reading at a place."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from pathlib import Path
from typing import IO

_SAMPLE = 65_536


def is_gzip(path: Path) -> bool:
    """Whether the file begins as gzip does, whatever its name says."""
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def open_unpacked(path: Path) -> tuple[IO[bytes], IO[bytes]]:
    """The file's bytes unpacked, and the file itself, whose ``tell`` says how much of it was read."""
    raw = path.open("rb")
    return (gzip.GzipFile(fileobj=raw), raw) if is_gzip(path) else (raw, raw)  # type: ignore[return-value]


def fingerprint_of(path: Path) -> str:
    """Its size and its first bytes: a file that has grown or was replaced has another one."""
    with path.open("rb") as file:
        return f"{path.stat().st_size} {hashlib.sha256(file.read(_SAMPLE)).hexdigest()[:16]}"


UNPACKING = (OSError, EOFError, zlib.error)
