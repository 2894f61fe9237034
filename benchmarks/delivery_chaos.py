"""What delivery loses when everything fails: python benchmarks/delivery_chaos.py [KILLS [SEED]] (200 kills).

The ordeal of tests/chaos at length: an SMTP server that refuses, answers "later", hangs, drops before and after DATA, accepts and dies; the
delivering process killed with -9 at random moments and at the server's every step; the database restarted half-way. Then the server
behaves, the outbox finishes, and every alert and every Message-ID at the receiving end is accounted for. The result goes to
benchmarks/results/delivery_chaos.json; the exit code is 1 where an alert was lost or a duplicate is not named by the outbox.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "plugins")]
OUT = ROOT / "benchmarks" / "results" / "delivery_chaos.json"


def main(kills: int, seed: int) -> int:
    from tests.chaos.ordeal import Ordeal
    from tests.chaos.unruly import UnrulyServer

    from sanctions_watch.adapters.warehouse import migrate
    from sanctions_watch.local.postgres import EmbeddedPostgres

    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        database = EmbeddedPostgres(Path(folder) / "postgres")
        server = UnrulyServer(seed)
        database.start()
        server.start()
        try:
            database.create_database("chaos")
            migrate(database.url("chaos"))
            ordeal = Ordeal(database, database.url("chaos"), server, seed)
            ordeal.endure(kills)
            ordeal.recover()
            verdict = ordeal.verdict()
            ordeal.close()
        finally:
            server.stop()
            database.remove()
    result = {
        "command": f"python benchmarks/delivery_chaos.py {kills} {seed}",
        "machine": f"{os.cpu_count()} cores, shared with other work while this ran",
        "seconds": round(time.monotonic() - began, 1),
        "kills": sum(ordeal.kills.values()),
        "kills_by_moment": dict(sorted(ordeal.kills.items())),
        "kills_that_left_a_message_in_flight": ordeal.cut_in_flight,
        "database_restarts": 1,
        "what_the_server_did": dict(sorted(server.deeds.items())),
        "alerts": verdict.alerts,
        "notifications_by_state": dict(sorted(verdict.states.items())),
        "messages_accepted": len(server.accepted),
        "alerts_lost": len(verdict.lost),
        "message_ids_accepted_twice_or_more": verdict.duplicates,
        "of_them_not_named_by_the_outbox": len(verdict.unnamed_duplicates),
        "notifications_named_as_resent": verdict.resent,
    }
    OUT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))
    print("\n".join(verdict.lost[:20] + verdict.unnamed_duplicates[:20]))
    return int(bool(verdict.lost or verdict.unnamed_duplicates))


if __name__ == "__main__":
    numbers = [int(given) for given in sys.argv[1:]]
    sys.exit(main(*([*numbers, *(200, 1718)[len(numbers) :]])))
