"""Run as a process of its own: a whole api-server with our plugin under one auth manager; prints what each kind of visitor is answered.

usage: airflow_login.py simple|fab FOLDER (an empty folder for Airflow's own files)
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

KIND, FOLDER = sys.argv[1], Path(sys.argv[2])
ROOT = Path(__file__).resolve().parents[2]
MANAGERS = {
    "simple": "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager",
    "fab": "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager",
}
ASKED = (
    "/sanctions_watch/",
    "/sanctions_watch/allegations/0123456789ab",
    "/sanctions_watch/mails",
    "/sanctions_watch/static/page.css",
    "/sanctions_watch/review",
    "/sanctions_watch/subscribers",
)
SAID = "/sanctions_watch/allegations/0123456789ab/rulings"

os.environ |= {
    "AIRFLOW_HOME": str(FOLDER),
    "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{FOLDER}/airflow.db",
    "AIRFLOW__CORE__AUTH_MANAGER": MANAGERS[KIND],
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
    "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "reader:viewer,analyst:user,operator:op,boss:admin",
    "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(FOLDER / "passwords.json"),
    "AIRFLOW__API_AUTH__JWT_SECRET": "a-secret-of-this-test-alone-0123456789abcdef",
    "AIRFLOW__API__SECRET_KEY": "another-secret-of-this-test-alone",
    "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
    # No server listens on port 9 (discard): the page has to say so.
    "SANCTIONS_WATCH_SIGNING_KEY": "a-key-of-this-test-alone-0123456789abcdef",
    "SANCTIONS_WATCH_WAREHOUSE_URL": "postgresql://nobody:nothing@127.0.0.1:9/nowhere",
}


def main() -> None:
    """Print {who: {address: status}} and the words of the page that cannot reach its warehouse."""
    from airflow.utils.db import initdb

    initdb()
    from airflow.api_fastapi.app import create_app, get_auth_manager
    from fastapi.testclient import TestClient

    app = create_app(apps="core")
    built_early = "sanctions_watch.web" in sys.modules
    manager = get_auth_manager()
    tokens = {"anonymous": None, "viewer": _viewer(manager), "forged": "e30.e30.x"}
    for who, role in (("user", "User"), ("op", "Op"), ("admin", "Admin")):
        tokens[who] = _fab_user(manager, who, role) if KIND == "fab" else _simple_user(manager, who, role)
    if KIND == "fab":
        tokens["powerless"] = _fab_user(manager, "powerless", "Public")
    answers = {}
    for who, token in tokens.items():
        client = TestClient(app, cookies={"_token": token} if token else None)
        answers[who] = {address: client.get(address).status_code for address in ASKED}
        answers[who]["say"] = client.post(SAID, data={"token": "forged", "kind": "confirm"}).status_code
        answers[who]["unsubscribe"] = client.post("/sanctions_watch/unsubscribe?t=forged").status_code
    viewer = TestClient(app, cookies={"_token": tokens["viewer"]})
    plugins = viewer.get("/api/v2/plugins") if KIND == "simple" else None
    print(json.dumps({
        "answers": answers,
        "built_early": built_early,
        "unreachable": viewer.get("/sanctions_watch/").text,
        "views": [view["name"] for plugin in plugins.json()["plugins"] for view in plugin["external_views"]] if plugins else [],
    }))  # fmt: skip


def _viewer(manager):
    if KIND == "fab":
        return _fab_user(manager, "reader", "Viewer")
    return _simple_user(manager, "reader", "Viewer")


def _simple_user(manager, name, role):
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

    return manager.generate_jwt(SimpleAuthManagerUser(username=name, role=role.upper()))


def _fab_user(manager, name, role):
    from airflow.providers.fab.www.app import create_app

    with create_app(enable_plugins=False).app_context():
        security = manager.security_manager
        security.sync_roles()
        user = security.add_user(name, name, name, f"{name}@example.org", security.find_role(role), password=f"{name}-0123456789")
        return manager.generate_jwt(user)


main()
