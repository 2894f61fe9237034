"""The page with a small ledger behind it, and a guard that lets in whoever carries a card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from fastapi import HTTPException, Request
from starlette.testclient import TestClient
from tests.web import ledger

from sanctions_watch.web import create_app

if TYPE_CHECKING:
    from fastapi import FastAPI


def guard(request: Request) -> None:
    """As Airflow's: 401 for nobody, 403 for somebody without the permission."""
    if request.headers.get("card") is None:
        raise HTTPException(401)
    if request.headers["card"] != "reader":
        raise HTTPException(403)


@dataclass
class Page:
    app: FastAPI
    client: TestClient
    ids: dict[str, str]


@pytest.fixture
def mailbox(tmp_path):
    folder = tmp_path / "mails"
    ledger.post(folder)
    return folder


@pytest.fixture
def page(postgres_warehouse, mailbox):
    ids = ledger.store(postgres_warehouse)
    app = create_app(postgres_warehouse.read, mailbox, guard)
    return Page(app, TestClient(app, headers={"card": "reader"}), ids)


def answering(**rows):
    """A ``read`` that answers the same rows to each query."""

    def read(query, **parameters):
        return rows[query]

    return read
