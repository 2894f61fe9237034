"""The composition root: the real clock, warehouse, fetcher and mailer that the settings name, and the reader of the environment."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sanctions_watch.clock import clock_from
from sanctions_watch.errors import ConfigurationError
from sanctions_watch.settings import Settings, read_settings

if TYPE_CHECKING:
    from sanctions_watch.adapters.signing import Signer
    from sanctions_watch.adapters.warehouse import PostgresWarehouse
    from sanctions_watch.pipeline import Flow
    from sanctions_watch.ports import Clock
    from sanctions_watch.records import Feed, Subscriber
    from sanctions_watch.retention import PublisherRule


@lru_cache(maxsize=1)
def settings() -> Settings:
    """This process's settings. Raises ConfigurationError."""
    return read_settings(os.environ)


def flow() -> Flow:
    """The whole flow on the real world. Raises ConfigurationError or WarehouseError."""
    from sanctions_watch.adapters.channels import ChannelMessenger, read_channels
    from sanctions_watch.adapters.fetcher import HttpFetcher
    from sanctions_watch.adapters.mailer import SmtpMailer
    from sanctions_watch.adapters.signing import Signer
    from sanctions_watch.adapters.warehouse import connect
    from sanctions_watch.pipeline import Flow

    chosen = settings()
    clock = clock_from(chosen.clock)
    return Flow(
        warehouse=connect(chosen.warehouse_url).in_lane("live"),  # what a backfill brought is worked off by its own tasks
        fetcher=HttpFetcher(
            clock,
            contact=chosen.contact,
            allowed_hosts=chosen.allowed_hosts,
            allowed_ports=chosen.allowed_ports,
            cache=chosen.cache / "robots" if chosen.cache else None,
        ),
        mailer=SmtpMailer(chosen.smtp_url) if chosen.smtp_url else None,
        clock=clock,
        messenger=ChannelMessenger(read_channels(chosen.channels), clock) if chosen.channels else None,
        signer=Signer(chosen.signing_key, chosen.page_url, clock) if chosen.signing_key else None,
        sender=chosen.mail_from,
        page_url=chosen.page_url,
        window_days=chosen.window_days,
        batch=chosen.batch,
        quote_caps={rule.publisher: rule.quote_characters for rule in retention_rules()},
    )


def feeds() -> tuple[Feed, ...]:
    """The feed registry that the settings name. Raises ConfigurationError with every problem at once."""
    from sanctions_watch.stages.collect.registry import read_feeds

    path = settings().feeds
    return read_feeds(path.read_text(encoding="utf-8"), str(path))


def subscribers() -> tuple[Subscriber, ...]:
    """The subscribers that the settings name. Raises ConfigurationError with every problem at once."""
    from sanctions_watch.stages.alert import read_subscribers

    path = settings().subscribers
    return read_subscribers(path.read_text(encoding="utf-8"), str(path))


def register() -> dict[str, int]:
    """Bring feeds and subscribers up to date, each file by itself: one with a mistake leaves its last good version in force.

    Raises ConfigurationError with every problem of both files, after what is right has been stored.
    """
    problems: list[str] = []
    read: dict[str, Any] = {}
    for name, reading in (("feeds", feeds), ("subscribers", subscribers)):
        try:
            read[name] = reading()
        except ConfigurationError as error:
            problems += error.problems
    flow().register(read.get("feeds"), read.get("subscribers"))
    if problems:
        raise ConfigurationError([*problems, "the last good version stays in force until this is mended"])
    return {name: len(rows) for name, rows in read.items()}


@lru_cache(maxsize=1)
def page_warehouse() -> PostgresWarehouse:
    """The warehouse as the page reads it: one pool for the process."""
    from sanctions_watch.adapters.warehouse import connect

    return connect(settings().warehouse_url)


def page_settings() -> Settings:
    """The settings the page needs (``mailbox``)."""
    return settings()


def page_clock() -> Clock:
    """The clock that what is said on the page is dated by."""
    return clock_from(settings().clock)


def page_signer() -> Signer | None:
    """What signs the links in mails and the page's forms; None without a key. Raises ConfigurationError."""
    from sanctions_watch.adapters.signing import Signer

    chosen = settings()
    return Signer(chosen.signing_key, chosen.page_url, page_clock()) if chosen.signing_key else None


def maintain() -> dict[str, int]:
    """What the warehouse needs now and then: partitions, retention. Raises ConfigurationError or WarehouseError."""
    from sanctions_watch.adapters.warehouse.maintenance import maintain as maintain_warehouse

    return maintain_warehouse(page_warehouse(), clock_from(settings().clock).now(), retention_rules())


def retention_rules() -> tuple[PublisherRule, ...]:
    """The retention rules that the settings name. Raises ConfigurationError with every problem at once."""
    from sanctions_watch.retention import read_rules

    chosen = settings()
    path = chosen.retention
    return read_rules(path.read_text(encoding="utf-8") if path else "", str(path or "the retention rules"), chosen.retention_days)


def backfill(source: str, *, publisher: str = "", since: str = "", until: str = "", seconds: float = 0) -> dict[str, int | bool]:
    """Read one archive into the warehouse, for ``seconds`` at most (0: to its end); answers what came of it.

    ``since`` and ``until`` are days (YYYY-MM-DD). Raises ConfigurationError, EntryError or WarehouseError.
    """
    from sanctions_watch.adapters.archives import Choice, open_archive, read_day
    from sanctions_watch.backfill import read_archive, until_over

    live = flow()
    choice = Choice(publisher, read_day(since), read_day(until), feeds())
    reader = open_archive(source, choice, live.clock, live.fetcher)
    state = read_archive(live.warehouse, reader, live.clock, chosen=choice.key, is_over=until_over(seconds))
    counts = {name: getattr(state, name) for name in ("records", "entries", "skipped", "bad")}
    return {**counts, "is_finished": state.finished_at is not None}


def work_off(seconds: float = 0) -> dict[str, int]:
    """Take what backfills brought through the stages, for ``seconds`` at most (0: until nothing waits); answers what each stage took."""
    from dataclasses import replace

    from sanctions_watch.backfill import until_over, work_off

    live = flow()
    lane = replace(live, warehouse=live.warehouse.in_lane("backfill"))
    return work_off((lane.clean, lane.select, lane.deduplicate, lane.extract, lane.assess), until_over(seconds))


def migrate() -> str:
    """Bring the warehouse up to date; answers its revision. Raises ConfigurationError or MigrationError."""
    from sanctions_watch.adapters.warehouse import migrate as migrate_warehouse

    return migrate_warehouse(settings().warehouse_url)
