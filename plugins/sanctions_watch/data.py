"""Where the project's data files are: beside the package in a wheel, in ``include/`` of a checkout."""

from __future__ import annotations

from pathlib import Path

from sanctions_watch.errors import ConfigurationError

_PACKAGE = Path(__file__).resolve().parent


def include(name: str = "") -> Path:
    """The path of ``include/<name>``. Raises ConfigurationError where it is not there."""
    for root in (_PACKAGE / "include", _PACKAGE.parents[1] / "include"):
        path = root / name
        if path.exists():
            return path
    raise ConfigurationError(
        [f"include/{name} is missing from this installation: reinstall the project, or restore the file from git"]
    )
