"""Every setting, read from the environment in one place, with every problem named at once.

``.env.template`` lists the same names (a test compares them); nothing here has a secret default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sanctions_watch.clock import clock_from
from sanctions_watch.data import include
from sanctions_watch.errors import ConfigurationError

PREFIX = "SANCTIONS_WATCH_"


@dataclass(frozen=True)
class Settings:
    """What a deployment decides. Each field is the environment variable ``SANCTIONS_WATCH_<FIELD IN CAPITALS>``."""

    warehouse_url: str  # postgresql://user:password@host:port/database, PostgreSQL 15 or newer
    feeds: Path  # the feed registry
    subscribers: Path  # who gets which mails
    clock: str = ""  # "" is the system's; START@ORIGINxSPEED[untilEND] replays an archive
    collect_seconds: int = 60  # how often feeds that are due are looked for; 60 follows the minute of the wall clock
    digest_seconds: int = 300  # how often digests that have closed are looked for
    collect_batch: int = 25  # feeds a collecting task takes
    batch: int = 200  # records a stage takes in one transaction
    smtp_url: str = ""  # smtp://[user:password@]host:port or smtps://…; "": mails wait in the outbox
    signing_key: str = ""  # signs the links in mails: at least 32 characters; "": mails carry no links to act by or to opt out with
    channels: Path | None = None  # a file of webhooks and Slack channels, kept private: see adapters/channels.py
    mail_from: str = "Sanctions Watch <sanctions-watch@localhost>"
    contact: str = ""  # a mail address or web page that feed operators may write to; part of the User-Agent
    allowed_hosts: tuple[str, ...] = ()  # host:port inside the deployment's own network that the network guard lets through
    allowed_ports: tuple[int, ...] = (80, 443)  # ports of public hosts that may be read
    cache: Path | None = None  # a folder that the workers of one machine share: copies of robots.txt; None: each process its own
    page_url: str = "http://localhost:8080"  # where readers reach Airflow's UI
    mailbox: Path | None = None  # a folder of .eml files that the page may show (the local set-up)
    window_days: int = 30  # an article older than this fills the ledger without a mail
    retention_days: int = 400  # raw payloads are kept this long, where the file of rules says nothing else
    retention: Path | None = None  # retention rules by publisher

    def __repr__(self) -> str:
        """Without the addresses that hold passwords."""
        return f"Settings(feeds={str(self.feeds)!r}, clock={self.clock!r}, page_url={self.page_url!r})"


def read_settings(environment: Mapping[str, str]) -> Settings:
    """The settings in ``environment``. Raises ConfigurationError with every problem at once."""
    problems: list[str] = []

    def text(name: str, default: str = "") -> str:
        return environment.get(PREFIX + name, "").strip() or default

    def number(name: str, default: int, least: int = 1) -> int:
        written = text(name)
        if not written:
            return default
        if not written.isdecimal() or int(written) < least:
            problems.append(f"{PREFIX}{name}={written!r} is not a whole number of at least {least}")
            return default
        return int(written)

    def file(name: str, default: str) -> Path:
        path = Path(text(name) or include(default))
        if not path.is_file():
            form = f"in the form of include/{default}" if default else "that can be read"
            problems.append(f"{PREFIX}{name}={str(path)!r} is no file: name one {form}")
        return path

    def address(name: str, schemes: tuple[str, ...], *, is_required: bool) -> str:
        written = text(name)
        parts = urlsplit(written)
        if not written and not is_required:
            return ""
        if parts.scheme not in schemes or not parts.hostname:
            # The value may hold a password: it is not repeated.
            problems.append(f"{PREFIX}{name} is missing or no address of the form {' or '.join(schemes)}://…: set it")
        return written

    def secret(name: str, least: int) -> str:
        written = text(name)
        if written and len(written) < least:
            problems.append(f"{PREFIX}{name} has fewer than {least} characters: make one with openssl rand -hex 32")
        return written

    def ports() -> tuple[int, ...]:
        written = [port.strip() for port in text("ALLOWED_PORTS").split(",") if port.strip()]
        if any(not port.isdecimal() or not 0 < int(port) < 65_536 for port in written):
            problems.append(
                f"{PREFIX}ALLOWED_PORTS={text('ALLOWED_PORTS')!r} is no list of ports: write numbers with commas between them"
            )
            return Settings.allowed_ports
        return tuple(int(port) for port in written) or Settings.allowed_ports

    def checked_clock() -> str:
        spec = text("CLOCK")
        try:
            clock_from(spec)
        except ConfigurationError as error:
            problems.extend(error.problems)
        return spec

    settings = Settings(
        warehouse_url=address("WAREHOUSE_URL", ("postgresql", "postgres", "postgresql+psycopg"), is_required=True),
        feeds=file("FEEDS", "feeds.yaml"),
        subscribers=file("SUBSCRIBERS", "subscribers.yaml"),
        clock=checked_clock(),
        collect_seconds=number("COLLECT_SECONDS", Settings.collect_seconds),
        digest_seconds=number("DIGEST_SECONDS", Settings.digest_seconds),
        collect_batch=number("COLLECT_BATCH", Settings.collect_batch),
        batch=number("BATCH", Settings.batch),
        smtp_url=address("SMTP_URL", ("smtp", "smtps"), is_required=False),
        signing_key=secret("SIGNING_KEY", 32),
        channels=file("CHANNELS", "") if text("CHANNELS") else None,
        mail_from=text("MAIL_FROM", Settings.mail_from),
        contact=text("CONTACT"),
        allowed_hosts=tuple(host.strip() for host in text("ALLOWED_HOSTS").split(",") if host.strip()),
        allowed_ports=ports(),
        cache=Path(text("CACHE")) if text("CACHE") else None,
        page_url=text("PAGE_URL", Settings.page_url).rstrip("/"),
        mailbox=Path(text("MAILBOX")) if text("MAILBOX") else None,
        window_days=number("WINDOW_DAYS", Settings.window_days),
        retention_days=number("RETENTION_DAYS", Settings.retention_days),
        retention=file("RETENTION", "retention.yaml"),
    )
    known = {PREFIX + name.upper() for name in Settings.__dataclass_fields__}
    problems += [
        f"{name} is no setting of this version: remove it or correct its name (see .env.template)"
        for name in sorted(environment)
        if name.startswith(PREFIX) and not name.startswith(f"{PREFIX}TEST_") and name not in known
    ]
    if problems:
        raise ConfigurationError(problems)
    return settings
