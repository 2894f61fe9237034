"""``python -m sanctions_watch.local``: run, stop, status, clean and mailbox, as the Makefile calls them."""

# ruff: noqa: T201 - commands speak on standard output

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import time
from pathlib import Path

from sanctions_watch.clock import clock_from
from sanctions_watch.errors import ConfigurationError, SanctionsWatchError, WarehouseError
from sanctions_watch.local import airflow_parts, mailbox
from sanctions_watch.local.display import Display
from sanctions_watch.local.launcher import Launcher, Options, figures
from sanctions_watch.local.place import Lock, Place, checkout
from sanctions_watch.local.postgres import EmbeddedPostgres
from sanctions_watch.local.processes import is_alive, marked, memory_bytes, sweep
from sanctions_watch.stages.collect.registry import read_feeds

_STOP_SECONDS = 40.0


def run(place: Place, options: Options) -> int:
    """Start everything and stay until stopped."""
    if options.feeds is not None and not options.feeds.is_file():
        raise ConfigurationError([f"FEEDS={options.feeds} is no file: name one in the form of include/feeds.yaml"])
    if options.feeds is not None:
        read_feeds(options.feeds.read_text(encoding="utf-8"), str(options.feeds))  # every mistake is named before anything starts
    with Display() as display:
        code = Launcher(place, options, display).run()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C that comes late must not spoil a clean end
    return code


def stop(place: Place) -> int:
    """Stop the launcher that runs here, and whatever one that was killed has left behind."""
    lock = Lock(place)
    pid = lock.holder()
    if pid:
        print("Stopping ...", flush=True)
        os.kill(pid, signal.SIGTERM)
        end = time.monotonic() + _STOP_SECONDS
        while lock.holder() == pid and time.monotonic() < end:
            time.sleep(0.2)
        if lock.holder() == pid and is_alive(pid):
            print("The launcher does not stop by itself: it is ended by force.", flush=True)
            os.kill(pid, signal.SIGKILL)
            while is_alive(pid):
                time.sleep(0.1)
    left = sweep(str(place.var))
    postgres = EmbeddedPostgres(place.postgres)
    was_running = postgres.is_running()
    postgres.stop()
    if left or (was_running and not pid):
        print(f"An earlier run was cut off: ended what it had left ({left} processes{' and PostgreSQL' if was_running else ''}).")
    print("Everything is stopped." if pid or left or was_running else "Nothing was running.")
    return 0


def status(place: Place) -> int:
    """Say what runs, where it is and how far it is."""
    pid = Lock(place).holder()
    processes = marked(str(place.var))
    postgres = EmbeddedPostgres(place.postgres)
    if pid is None:
        print("Sanctions Watch does not run here. Start it with: make run")
        if processes or postgres.is_running():
            print(
                f"A run that was cut off left {len(processes)} processes{' and PostgreSQL' if postgres.is_running() else ''}: make stop ends them."
            )
        return 0
    known = place.remembered("launcher")
    print(
        f"Sanctions Watch runs (process {pid}), since {known['since']}"
        if known
        else f"Sanctions Watch is starting or stopping (process {pid})"
    )
    owned: dict[str, list[int]] = {"launcher": [pid], "postgresql": postgres.processes()}
    for process in processes:
        owned.setdefault(process.part, []).append(process.pid)
    total = 0.0
    print(f"  {'part':<14} {'process':>8} {'of these':>9} {'memory':>9}")
    for part, pids in owned.items():
        memory = sum(memory_bytes(process) for process in pids) / 1e6
        total += memory
        print(f"  {part:<14} {min(pids, default='-'):>8} {len(pids):>9} {memory:>6.0f} MB")
    print(f"  {'all':<14} {'':>8} {sum(map(len, owned.values())):>9} {total:>6.0f} MB (PSS)")
    if known:
        parts = airflow_parts.health(int(known["page_url"].rsplit(":", 1)[1]))
        print(
            f"  Airflow        {known['page_url']}   {', '.join(f'{name} {word}' for name, word in parts.items()) or 'does not answer'}"
        )
        print(f"  Mails          {known['mailbox_url']}   {len(mailbox.stored(place.mailbox))} kept")
        _print_counts(place, str(known["clock"]))
    return 0


def _print_counts(place: Place, spec: str) -> None:
    from sanctions_watch.adapters.warehouse import connect

    clock = clock_from(spec)
    try:
        with connect((place.var / "run" / "warehouse.secret").read_text(encoding="utf-8")).begin() as unit:
            counts = unit.counts(clock.now())
    except (WarehouseError, FileNotFoundError) as error:
        print(f"  Warehouse      does not answer: {error}")
        return
    if spec:
        print(f"  Replay         {clock.now():%d %b %Y %H:%M} UTC")
    print(f"  Warehouse      {', '.join(f'{figure.value} {figure.name}' for figure in figures(counts))}")


def clean(place: Place) -> int:
    """Stop everything and remove what it made."""
    if not place.var.exists():
        print("Nothing to remove.")
        return 0
    stop(place)
    EmbeddedPostgres(place.postgres).remove()
    shutil.rmtree(place.var)
    print(f"Removed {place.var}.")
    return 0


def show_mails(place: Place, number: str) -> int:
    """List the mails, or print one."""
    mails = mailbox.stored(place.mailbox)
    if not number:
        if not mails:
            print("No mails yet.")
        for mail in mails:
            print(f"{mail.number:>4}  {mail.date}  to {mail.recipient}: {mail.subject}")
        return 0
    chosen = next((mail for mail in mails if str(mail.number) == number.lstrip("0")), None)
    if chosen is None:
        raise ConfigurationError([f"there is no mail {number}; `make mailbox` lists {len(mails)}"])
    message = chosen.message()
    for name in ("From", "To", "Date", "Subject", "Message-ID", "In-Reply-To", "List-Unsubscribe"):
        if message[name]:
            print(f"{name}: {mailbox.plain(message[name])}")
    print(f"\n{mailbox.readable(mailbox.part(message, 'plain'))}\n\nThe whole message, with its HTML: {chosen.path}")
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Answer the exit code; errors of the set-up are lines, never traces."""
    parser = argparse.ArgumentParser(prog="python -m sanctions_watch.local", description="Sanctions Watch on one machine.")
    parser.add_argument("--var", type=Path, help="where everything is kept (var/ of the checkout)")
    verbs = parser.add_subparsers(dest="verb", required=True)
    running = verbs.add_parser("run", help="start everything")
    running.add_argument(
        "--feeds", default=os.environ.get("FEEDS", ""), help="a feed registry to watch instead of the replay (FEEDS)"
    )
    running.add_argument(
        "--warehouse-url", default=os.environ.get("WAREHOUSE_URL", ""), help="a PostgreSQL of one's own (WAREHOUSE_URL)"
    )
    running.add_argument(
        "--until-done", action="store_true", default=bool(os.environ.get("ONCE")), help="end when the replay is through (ONCE)"
    )
    for name, told in {"stop": "stop everything", "status": "say what runs", "clean": "stop everything and remove var/"}.items():
        verbs.add_parser(name, help=told)
    verbs.add_parser("mailbox", help="list the mails or print one").add_argument("number", nargs="?", default="")
    chosen = parser.parse_args(arguments)
    place = checkout(chosen.var)
    try:
        if chosen.verb == "run":
            feeds = Path(chosen.feeds) if chosen.feeds else None
            return run(place, Options(feeds, chosen.warehouse_url, chosen.until_done))
        if chosen.verb == "mailbox":
            return show_mails(place, chosen.number)
        return {"stop": stop, "status": status, "clean": clean}[chosen.verb](place)
    except ConfigurationError as error:
        for problem in error.problems:
            print(f"sanctions-watch: {problem}", file=sys.stderr)
    except BrokenPipeError:  # make status | head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (SanctionsWatchError, OSError) as error:
        print(f"sanctions-watch: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    return 1


if __name__ == "__main__":
    sys.exit(main())
