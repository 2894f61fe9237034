"""No route without a permission, and the permission is Airflow's own, under both of its auth managers."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from starlette.testclient import TestClient
from tests.web.conftest import guard

from sanctions_watch.web import create_app

LOGIN = Path(__file__).with_name("airflow_login.py")


def unguarded(app, permission) -> list[str]:
    """The routes whose dependencies lack the permission; what is no plain route (a mount, a socket) cannot have it."""
    return [
        getattr(route, "path", repr(route))
        for route in app.routes
        if not isinstance(route, APIRoute) or permission not in [dependency.call for dependency in route.dependant.dependencies]
    ]


def test_every_route_asks_the_guard(tmp_path):
    app = create_app(lambda query, **parameters: [], tmp_path, guard)
    assert len(app.routes) >= 6
    assert unguarded(app, guard) == []


def test_a_route_without_permission_would_be_found(tmp_path):
    app = create_app(lambda query, **parameters: [], tmp_path, guard)
    app.mount("/open", create_app(lambda query, **parameters: [], None, guard))
    app.router.add_route("/bare", lambda request: None)
    assert unguarded(app, guard) == ["/open", "/bare"]


@pytest.mark.parametrize(("card", "status"), [(None, 401), ("guest", 403)])
def test_refused_visitors_read_nothing(tmp_path, card, status):
    def read(query, **parameters):
        raise AssertionError("a refused visitor's request reached the warehouse")

    client = TestClient(create_app(read, tmp_path, guard), headers={"card": card} if card else {})
    for address in ("/", "/allegations/abc", "/mails", "/mails/a.eml", "/mails/a.eml/html", "/static/page.css"):
        answer = client.get(address)
        assert answer.status_code == status, address
        assert "content-security-policy" in answer.headers


@pytest.mark.airflow
@pytest.mark.parametrize("kind", ["simple", "fab"])
def test_airflow_lets_a_viewer_in_and_nobody_else(kind, tmp_path):
    done = subprocess.run(
        [sys.executable, str(LOGIN), kind, str(tmp_path)], capture_output=True, text=True, timeout=200, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert not told["built_early"], "every component of Airflow loads the plugin: the page is built when somebody asks for it"
    for who, refusal in (("anonymous", 401), ("forged", 403)):
        assert {answer for asked, answer in told["answers"][who].items() if asked != "unsubscribe"} == {refusal}
        assert told["answers"][who]["unsubscribe"] == 400, "the one address without a log-in: reached, and the forged token refused"
    viewer = told["answers"]["viewer"]
    assert viewer["/sanctions_watch/static/page.css"] == 200
    assert viewer["/sanctions_watch/"] == viewer["/sanctions_watch/review"] == 503
    assert viewer["/sanctions_watch/subscribers"] == 403, "a viewer sees nobody's address"
    assert "The warehouse cannot be reached" in told["unreachable"]
    for who in ("user", "op", "admin"):
        assert told["answers"][who]["/sanctions_watch/subscribers"] == 503, f"{who} is let through to the warehouse, which is away"
        assert told["answers"][who]["say"] == 403, "a forged form says nothing in anybody's name"
    if kind == "fab":
        assert {answer for asked, answer in told["answers"]["powerless"].items() if asked != "unsubscribe"} == {403}
    else:
        assert told["views"] == ["Sanctions Watch"]
