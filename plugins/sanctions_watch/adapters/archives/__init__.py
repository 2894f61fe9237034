"""Archives to backfill from: WARC files, JSON Lines, folders of HTML, sitemaps. Each a reader of ``ports.ArchiveReader``."""

from __future__ import annotations

from pathlib import Path

from sanctions_watch.adapters.archives.choice import Choice, read_day
from sanctions_watch.adapters.archives.folder import FolderReader
from sanctions_watch.adapters.archives.jsonl import JsonlReader
from sanctions_watch.adapters.archives.sitemap import SitemapReader
from sanctions_watch.adapters.archives.warc import WarcReader
from sanctions_watch.errors import ConfigurationError
from sanctions_watch.ports import ArchiveReader, Clock, Fetcher

__all__ = ["Choice", "open_archive", "read_day"]

_SUFFIXES: dict[str, type[WarcReader | JsonlReader]] = {".warc": WarcReader, ".jsonl": JsonlReader, ".ndjson": JsonlReader}


def open_archive(source: str, choice: Choice, clock: Clock, fetcher: Fetcher | None = None) -> ArchiveReader:
    """The reader for a path or address. Raises ConfigurationError where it is none that can be read."""
    if source.startswith(("http://", "https://")):
        if fetcher is None:
            raise ConfigurationError([f"{source}: a sitemap needs a fetcher"])
        return SitemapReader(source, choice, clock, fetcher)
    path = Path(source)
    if path.is_dir():
        return FolderReader(path, choice, clock)
    if not path.is_file():
        raise ConfigurationError([f"{source} is no file, no folder and no address: name one that is there"])
    name = path.name.lower().removesuffix(".gz")
    for suffix, reader in _SUFFIXES.items():
        if name.endswith(suffix):
            return reader(path, choice, clock)
    raise ConfigurationError(
        [f"{source}: its name does not say what it is: use .warc, .jsonl (each also with .gz), a folder or a sitemap's address"]
    )
