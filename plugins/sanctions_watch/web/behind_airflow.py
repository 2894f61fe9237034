"""The page as Airflow's api-server serves it: the warehouse the settings name, behind Airflow's own login."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.api_fastapi.core_api.security import requires_access_asset

from sanctions_watch.errors import ConfigurationError
from sanctions_watch.runtime import page_settings, page_warehouse
from sanctions_watch.web.app import create_app

if TYPE_CHECKING:
    from fastapi import FastAPI

# Whoever may see Airflow's assets may read the page: a viewer under the simple and under the FAB auth manager alike, nobody anonymous.
may_read = requires_access_asset(method="GET")


def page() -> FastAPI:
    """The page. Where the settings are wrong, every view says what is."""
    try:
        mailbox = page_settings().mailbox
    except ConfigurationError:
        mailbox = None
    return create_app(_read, mailbox, may_read)


def _read(query: str, **parameters: Any) -> list[dict[str, Any]]:
    return page_warehouse().read(query, **parameters)
