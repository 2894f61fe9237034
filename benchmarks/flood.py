"""A feed gone mad: python benchmarks/flood.py [ASSESSMENTS] (10,000).

Stores so many new assessments with their alerts through the warehouse's own method, for five subscribers (two with a cap, one hourly, one
daily, one with quiet hours), then fans out, makes digests and delivers to a real SMTP server on 127.0.0.1, an hour of the flow's clock
at a time until the outbox is empty. What must hold is asserted: caps, one summary, every notification accounted for, the ledger complete.
The result goes to benchmarks/results/flood.json.
"""

import json
import os
import resource
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "plugins")]
OUT = ROOT / "benchmarks" / "results" / "flood.json"
START = datetime(2019, 5, 14, 9, 10, tzinfo=UTC)
IN_ONE = 50  # assessments a transaction, as the stage takes articles


class Stopwatch:
    """Seconds by step: the clock's, and the processor's of this process."""

    def __init__(self):
        self.steps = {}

    def time(self, name, call):
        began, used = time.monotonic(), time.process_time()
        answer = call()
        known = self.steps.setdefault(name, {"seconds": 0.0, "cpu_seconds": 0.0})
        known["seconds"] = round(known["seconds"] + time.monotonic() - began, 2)
        known["cpu_seconds"] = round(known["cpu_seconds"] + time.process_time() - used, 2)
        print(f"{name}: {time.monotonic() - began:.1f} s", file=sys.stderr, flush=True)
        return answer


def people():
    from sanctions_watch.records import Route, Subscriber

    return [
        Subscriber("desk", "Desk", "desk@example.org"),
        Subscriber("terse", "Terse", "terse@example.org", cap_per_hour=3),
        Subscriber("hourly", "Hourly", "hourly@example.org", routes=(Route(delivery="hourly"),)),
        Subscriber("daily", "Daily", "daily@example.org", routes=(Route(delivery="daily", at="18:00"),)),
        Subscriber("sleeper", "Sleeper", "sleeper@example.org", quiet_hours="08:00-12:00"),
    ]


def assess(warehouse, clock, count):
    """The assessments of one article that names so many accused, in transactions of IN_ONE."""
    from tests.contract.samples import Filled, alert, allegation, article, assessment

    one = Filled(warehouse).extracted(article(1))
    for first in range(0, count, IN_ONE):
        made = [assessment(one, allegation(one, number=number)) for number in range(first, min(first + IN_ONE, count))]
        with warehouse.begin() as unit:
            unit.save_assessments(one, made, [alert(each, at=clock.now()) for each in made], "assess-1")


def send(flow, watch):
    """What the DAGs do, an hour at a time, until nothing waits; answers the states and how many went out in the first round."""
    from sqlalchemy import text

    first = None
    for _ in range(30):
        watch.time("fan_out", lambda: flow.drain(flow.fan_out))
        watch.time("digest", lambda: flow.drain(flow.digest))
        watch.time("deliver", lambda: flow.drain(flow.deliver))
        with flow.warehouse.connection() as connection:
            asked = "select subscriber_id, state, alert_id is null as is_digest, message_id, digest_key from core.notifications"
            rows = [dict(row) for row in connection.execute(text(asked)).mappings()]
        first = first or Counter(row["subscriber_id"] for row in rows if row["state"] == "sent")
        if not any(row["state"] in ("held", "pending", "sending", "uncertain") for row in rows):
            return rows, first
        flow.clock.time += timedelta(hours=1)
    raise AssertionError("something waits for ever")


def check(rows, first, taken, subscribers, count, warehouse, clock):
    """What must hold, whatever it took."""
    for one in subscribers:
        own = Counter((row["is_digest"], row["state"]) for row in rows if row["subscriber_id"] == one.subscriber_id)
        assert own[False, "sent"] + own[False, "digested"] == count, (one.subscriber_id, own)
        assert own[True, "sent"] == 1, (one.subscriber_id, own, "one summary")
        immediate = one.subscriber_id in ("desk", "terse")
        assert first[one.subscriber_id] == own[False, "sent"] == (one.cap_per_hour if immediate else 0), "the cap holds"
    assert Counter(row["message_id"] for row in rows if row["state"] == "sent") == Counter(taken), "each accepted once"
    with warehouse.begin() as unit:
        counts = unit.counts(clock.now())
    assert (counts.allegations, counts.alerts, counts.waiting, counts.quarantined) == (count, count, 0, 0), counts


def main(count):
    from tests.chaos.unruly import UnrulyServer

    from sanctions_watch.adapters.mailer import SmtpMailer
    from sanctions_watch.adapters.warehouse import connect, migrate
    from sanctions_watch.clock import FixedClock
    from sanctions_watch.local.postgres import EmbeddedPostgres
    from sanctions_watch.pipeline import Flow

    watch, subscribers, clock = Stopwatch(), people(), FixedClock(START)
    with tempfile.TemporaryDirectory() as folder:
        database, server = EmbeddedPostgres(Path(folder) / "postgres"), UnrulyServer(0)
        server.is_calm = True
        database.start()
        server.start()
        try:
            database.create_database("flood")
            migrate(database.url("flood"))
            warehouse = connect(database.url("flood"))
            with warehouse.begin() as unit:
                unit.save_subscribers(subscribers)
            began = time.monotonic()
            watch.time("assess", lambda: assess(warehouse, clock, count))
            rows, first = send(Flow(warehouse, None, SmtpMailer(server.url), clock), watch)
            seconds = time.monotonic() - began
            check(rows, first, server.accepted, subscribers, count, warehouse, clock)
            warehouse.close()
        finally:
            server.stop()
            database.remove()
    result = {
        "command": f"python benchmarks/flood.py {count}",
        "machine": f"{os.cpu_count()} cores, shared with other work while this ran: times are upper bounds; cpu_seconds are this process's",
        "assessments": count,
        "subscribers": len(subscribers),
        "notifications": len(rows),
        "seconds": round(seconds, 1),
        "steps": watch.steps,
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "mails_by_subscriber": {
            one.subscriber_id: sum(row["state"] == "sent" for row in rows if row["subscriber_id"] == one.subscriber_id)
            for one in subscribers
        },
        "checked": "caps hold, one summary each, every notification sent or in a sent digest, each Message-ID accepted once, the ledger complete",
    }
    OUT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
