"""Airflow's components as processes: their environment, their commands, their health. Airflow itself is never imported here."""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import psycopg

from sanctions_watch.errors import WarehouseError
from sanctions_watch.local.place import write_privately

if TYPE_CHECKING:
    from sanctions_watch.local.place import Place

ADMIN = "admin"
COMMAND = (sys.executable, "-P", "-m", "airflow")
# Logs are read from the folder that all components share, so nothing needs to serve them on a port of its own.
PARTS: Mapping[str, tuple[str, ...]] = {
    "api-server": (*COMMAND, "api-server", "--workers", "1"),
    "dag-processor": (*COMMAND, "dag-processor"),
    "scheduler": (*COMMAND, "scheduler", "--skip-serve-logs"),
    "triggerer": (*COMMAND, "triggerer", "--skip-serve-logs"),
}
# Talks to our own 127.0.0.1 alone: a proxy of the user's must not stand between.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def environment(place: Place, base: Mapping[str, str], database_url: str, port: int) -> dict[str, str]:
    """The environment of every component: ``base`` with Airflow's settings for one machine of 3 GB and two cores."""
    address = f"http://127.0.0.1:{port}"
    chosen = {
        "core": {
            "executor": "LocalExecutor",
            "parallelism": "2",
            "dags_folder": str(place.dags),
            "plugins_folder": str(place.plugins),
            "load_examples": "False",
            "dags_are_paused_at_creation": "False",
            "auth_manager": "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager",
            "simple_auth_manager_users": f"{ADMIN}:admin",
            "simple_auth_manager_passwords_file": str(place.airflow / "passwords.json"),
            "fernet_key": place.fernet_key(),
            "execution_api_server_url": f"{address}/execution/",
            "hostname_callable": "socket.gethostname",  # without asking a name server, which may not be there
        },
        "api": {"host": "127.0.0.1", "port": str(port), "base_url": address, "secret_key": place.secret("api"), "workers": "1"},
        "api_auth": {"jwt_secret": place.secret("jwt", 64), "jwt_issuer": "sanctions-watch-local"},
        "database": {"sql_alchemy_conn": database_url, "sql_alchemy_pool_size": "4", "sql_alchemy_max_overflow": "6"},
        # A task whose worker was killed is found after 45 s, not after five minutes.
        "scheduler": {
            "task_instance_heartbeat_timeout": "45",
            "orphaned_tasks_check_interval": "20",
            "enable_health_check": "False",
        },
        "dag_processor": {"parsing_processes": "1", "min_file_process_interval": "60", "refresh_interval": "60"},
        "logging": {
            "base_log_folder": str(place.logs / "airflow"),
            "dag_processor_child_process_log_directory": str(place.logs / "airflow" / "dag_processor"),
            "colored_console_log": "False",
        },
        "usage_data_collection": {"enabled": "False"},
        "metrics": {"statsd_on": "False"},
    }
    flat = {f"AIRFLOW__{section}__{name}".upper(): value for section, options in chosen.items() for name, value in options.items()}
    return {
        **{name: value for name, value in base.items() if not name.startswith(("AIRFLOW_", "AIRFLOW__"))},
        **flat,
        "AIRFLOW_HOME": str(place.airflow),
    }


def write_password(place: Place) -> str:
    """The admin's password, generated once; Airflow reads it from its own file. Answers the password."""
    password = place.secret("admin-password", 12)
    path = place.airflow / "passwords.json"
    wanted = json.dumps({ADMIN: password})
    if not path.exists() or path.read_text(encoding="utf-8") != wanted:
        write_privately(path, wanted)
    return password


def revision(database_url: str) -> str:
    """The migration Airflow's database stands at, "" where it has none yet. Raises WarehouseError."""
    try:
        with psycopg.connect(database_url, connect_timeout=10) as connection:
            there = connection.execute("select to_regclass('public.alembic_version') is not null").fetchone()
            if not there or not there[0]:
                return ""
            row = connection.execute("select version_num from alembic_version").fetchone()
            return str(row[0]) if row else ""
    except psycopg.Error as error:
        raise WarehouseError(f"Airflow's database does not answer: {error}".strip()) from error


def is_migrated(place: Place, database_url: str) -> bool:
    """Whether an earlier start of this same version of Airflow has migrated this database."""
    stamp = place.remembered("airflow-migrated")
    return bool(stamp) and stamp == {"airflow": version("apache-airflow"), "revision": revision(database_url)}


def note_migrated(place: Place, database_url: str) -> None:
    """Remember that this version has migrated this database."""
    place.remember("airflow-migrated", {"airflow": version("apache-airflow"), "revision": revision(database_url)})


def health(port: int) -> dict[str, str]:
    """The status of each part ("healthy" or another word) by its name; empty while nothing answers."""
    try:
        with _DIRECT.open(f"http://127.0.0.1:{port}/api/v2/monitor/health", timeout=5) as answer:
            told: dict[str, Any] = json.load(answer)
    except (OSError, ValueError):
        return {}
    return {name: str(part.get("status")) for name, part in told.items() if isinstance(part, dict)}


def create_pools(port: int, password: str, pools: Mapping[str, Mapping[str, Any]]) -> None:
    """Create or bring up to date the pools of include/pools.json. Raises WarehouseError."""
    try:
        token = _call(port, "POST", "/auth/token", {"username": ADMIN, "password": password})["access_token"]
        for name, pool in pools.items():
            wanted = {"slots": pool["slots"], "description": pool["description"], "include_deferred": pool["include_deferred"]}
            try:
                _call(port, "POST", "/api/v2/pools", {"name": name, **wanted}, token)
            except urllib.error.HTTPError as error:
                if error.code != 409:
                    raise
                _call(port, "PATCH", f"/api/v2/pools/{name}", {"pool": name, **wanted}, token)
    except (OSError, ValueError, KeyError) as error:
        raise WarehouseError(f"Airflow did not take the pools of include/pools.json: {error}") from error


def _call(port: int, method: str, path: str, body: Mapping[str, Any], token: str = "") -> dict[str, Any]:
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", json.dumps(body).encode(), headers, method=method)
    with _DIRECT.open(request, timeout=30) as answer:
        told: dict[str, Any] = json.load(answer)
    return told
