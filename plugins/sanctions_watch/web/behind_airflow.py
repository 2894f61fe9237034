"""The page as Airflow's api-server serves it: the warehouse the settings name, behind Airflow's own login."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.resource_details import DagDetails
from airflow.api_fastapi.core_api.security import GetUserDep, requires_access_asset

from sanctions_watch.errors import ConfigurationError
from sanctions_watch.runtime import page_clock, page_settings, page_signer, page_warehouse
from sanctions_watch.web.app import create_app
from sanctions_watch.web.desk import Desk, Visitor

if TYPE_CHECKING:
    from fastapi import FastAPI

JUDGED_DAG = "build_claims"

# Whoever may see Airflow's assets may read the page: a viewer under the simple and under the FAB auth manager alike, nobody anonymous.
may_read = requires_access_asset(method="GET")


def visitor(user: GetUserDep) -> Visitor:
    """Who is signed in. Whoever may edit the DAG ``build_claims`` may judge: the role User, which is less than an operator's."""
    may_judge = get_auth_manager().is_authorized_dag(method="PUT", details=DagDetails(id=JUDGED_DAG), user=user)
    return Visitor(str(user.get_id()), str(user.get_name()), may_judge)


def page() -> FastAPI:
    """The page. Where the settings are wrong, every view says what is; without a signing key nothing can be said on it."""
    try:
        mailbox, signer = page_settings().mailbox, page_signer()
    except ConfigurationError:
        mailbox, signer = None, None
    desk = Desk(page_warehouse().begin, page_clock().now, signer, visitor) if signer else None
    return create_app(_read, mailbox, may_read, desk)


def _read(query: str, **parameters: Any) -> list[dict[str, Any]]:
    return page_warehouse().read(query, **parameters)
