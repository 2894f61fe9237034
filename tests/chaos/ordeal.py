"""The outbox under ``kill -9``: a delivering process of its own, ended at random moments, and what became of every alert afterwards."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from multiprocessing.connection import Connection
from typing import Any

from sqlalchemy import text
from tests.chaos.unruly import PATIENCE, STEPS, UnrulyServer
from tests.contract.samples import Filled, alert, allegation, article, assessment

from sanctions_watch.adapters.mailer import SmtpMailer
from sanctions_watch.adapters.warehouse import PostgresWarehouse, connect
from sanctions_watch.clock import VirtualClock, clock_from
from sanctions_watch.errors import WarehouseError
from sanctions_watch.local.postgres import EmbeddedPostgres
from sanctions_watch.pipeline import Flow
from sanctions_watch.records import Route, Subscriber

START = datetime(2019, 5, 14, 9, 0, tzinfo=UTC)
SPEED = 1800.0  # half an hour a second: pauses, caps, digests and outages all come up
SUBSCRIBERS = (
    Subscriber("desk", "Desk", "desk@example.org", cap_per_hour=1000),
    Subscriber("capped", "Capped", "capped@example.org", cap_per_hour=2),
    Subscriber("hourly", "Hourly", "hourly@example.org", routes=(Route(delivery="hourly"),)),
    Subscriber("sleeper", "Sleeper", "sleeper@example.org", quiet_hours="11:00-13:00"),
)
OPEN = ("pending", "held", "sending", "uncertain")
_AT_ONCE = 4  # alerts before each life of the deliverer
_LONGEST_LIFE = 0.5  # seconds; about what one round of the loop takes


def flow_on(warehouse: PostgresWarehouse, smtp_url: str, clock: Any) -> Flow:
    """What delivers: nothing is fetched here."""
    mailer = SmtpMailer(smtp_url, timeout=PATIENCE, answer_timeout=PATIENCE)
    return Flow(warehouse, None, mailer, clock, batch=40)  # type: ignore[arg-type]


def deliver_for_ever(warehouse_url: str, smtp_url: str, clock_spec: str, born: Connection) -> None:
    """The process that is killed. A database that is away is waited for, as Airflow's retries do."""
    flow = flow_on(connect(warehouse_url), smtp_url, clock_from(clock_spec))
    flow.waiting()
    born.send("ready")
    while True:
        for stage in (flow.fan_out, flow.digest, flow.deliver):
            try:
                stage()
            except WarehouseError:
                time.sleep(0.05)
        time.sleep(0.01)


def _nursery() -> Any:
    """Where processes are forked that have everything imported: each life begins at once."""
    context = multiprocessing.get_context("forkserver")
    os.environ["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)  # the nursery reads no other
    context.set_forkserver_preload([*(["pytest"] if "pytest" in sys.modules else []), "tests.chaos.ordeal"])
    return context


@dataclass(slots=True)
class Verdict:
    """What became of every alert, and of every Message-ID at the receiving end."""

    states: Counter[str]
    alerts: int
    lost: list[str] = field(default_factory=list)
    duplicates: int = 0
    unnamed_duplicates: list[str] = field(default_factory=list)
    resent: int = 0  # notifications that the outbox names as sent again after "uncertain"


class Ordeal:
    """Pours alerts in, and kills whoever delivers them."""

    def __init__(self, database: EmbeddedPostgres, warehouse_url: str, server: UnrulyServer, seed: int) -> None:
        self._database, self._url, self._server = database, warehouse_url, server
        self._die = random.Random(seed)
        self._clock = VirtualClock(START, datetime.now(UTC), SPEED)
        self._warehouse = connect(warehouse_url)
        self._numbers = count(1)
        self._context = _nursery()
        self._article = Filled(self._warehouse).extracted(article(1))
        self.alert_ids: list[str] = []
        self.kills: Counter[str] = Counter()
        self.cut_in_flight = 0  # kills that left a notification in "sending"
        with self._warehouse.begin() as unit:
            unit.save_subscribers(SUBSCRIBERS)

    def endure(self, lives: int) -> None:
        """So many lives, each ended by a kill; half-way the database is restarted under the process at work."""
        for life in range(lives):
            self._pour(_AT_ONCE)
            self._live_and_die(restarts_database=life == lives // 2)

    def recover(self) -> None:
        """The server behaves: let the outbox finish."""
        self._server.is_calm = True
        self._server.at_step = lambda _: None
        process = self._start()
        try:
            while self._is_open():
                time.sleep(0.5)
        finally:
            process.kill()
            process.join()

    def verdict(self) -> Verdict:
        """Held against what the server took: sent, in a digest that was sent, or refused by a 5xx; anything else is lost."""
        rows = self._rows()
        accepted = Counter(self._server.accepted)
        digests = {(one["subscriber_id"], one["digest_key"]): one for one in rows if one["alert_id"] is None}
        by_alert = {(one["alert_id"], one["subscriber_id"]): one for one in rows if one["alert_id"]}
        found = Verdict(Counter(one["state"] for one in rows), len(self.alert_ids))
        for alert_id in self.alert_ids:
            for subscriber in SUBSCRIBERS:
                one = by_alert.get((alert_id, subscriber.subscriber_id))
                carrier = digests.get((one["subscriber_id"], one["digest_key"])) if one and one["state"] == "digested" else one
                if not self._has_arrived(carrier, accepted):
                    found.lost.append(f"{alert_id} to {subscriber.subscriber_id}: {one}")
        named = {one["message_id"] for one in rows if one["was_uncertain"]}
        twice = [message_id for message_id, times in accepted.items() if times > 1]
        found.duplicates = len(twice)
        found.unnamed_duplicates = [message_id for message_id in twice if message_id not in named]
        found.resent = len(named)
        return found

    def close(self) -> None:
        self._warehouse.close()

    def _has_arrived(self, carrier: dict[str, Any] | None, accepted: Counter[str]) -> bool:
        if carrier is None:
            return False
        if carrier["state"] == "failed":
            return any(number in carrier["last_error"] for number in self._server.refusals)
        return carrier["state"] == "sent" and accepted[carrier["message_id"]] > 0

    def _pour(self, alerts: int) -> None:
        made = [assessment(self._article, allegation(self._article, number=next(self._numbers))) for _ in range(alerts)]
        told = [alert(one, at=self._clock.now()) for one in made]
        with self._warehouse.begin() as unit:
            unit.save_assessments(self._article, made, told, "assess-1")
        self.alert_ids += [one.alert_id for one in told]

    def _live_and_die(self, *, restarts_database: bool) -> None:
        """Killed when the server sees a step of the conversation, or whatever it does, after a random while."""
        step = self._die.choice([*STEPS, "", "", "", ""])
        life = self._die.uniform(0.02, _LONGEST_LIFE)
        skip = self._die.randrange(4)  # conversations that pass that step unharmed
        self._server.at_step = lambda _: None
        process = self._start()
        over = threading.Event()

        def at_step(seen: str) -> None:
            nonlocal skip
            if seen == step and not over.is_set():
                skip -= 1
                if skip < 0:
                    over.set()
                    with suppress(ProcessLookupError):
                        os.kill(process.pid or 0, signal.SIGKILL)

        self._server.at_step = at_step
        if restarts_database:
            time.sleep(life)
            self._database.stop()
            self._database.start()
        over.wait(3 * _LONGEST_LIFE if step else life)
        self.kills[f"at {step}" if over.is_set() else "at a random moment"] += 1
        over.set()
        process.kill()
        process.join()
        self.cut_in_flight += bool(self._in_states(["sending"]))

    def _start(self) -> Any:
        born, told = self._context.Pipe(duplex=False)
        about = self._url, self._server.url, self._clock.spec(), told
        process = self._context.Process(target=deliver_for_ever, args=about, daemon=True)
        process.start()
        told.close()
        born.recv()
        born.close()
        return process

    def _in_states(self, states: Iterable[str]) -> int:
        with self._warehouse.connection() as connection:
            counted = connection.execute(
                text("select count(*) from core.notifications where state = any(cast(:states as text[]))"), {"states": list(states)}
            )
            return int(counted.scalar_one())

    def _is_open(self) -> bool:
        with self._warehouse.begin() as unit:
            waits_to_be_fanned_out = bool(unit.alerts_to_fan_out(1))
        return waits_to_be_fanned_out or self._in_states(OPEN) > 0

    def _rows(self) -> list[dict[str, Any]]:
        with self._warehouse.connection() as connection:
            asked = "select notification_id, alert_id, subscriber_id, digest_key, state, message_id, was_uncertain, last_error from core.notifications"
            return [dict(row) for row in connection.execute(text(asked)).mappings()]
