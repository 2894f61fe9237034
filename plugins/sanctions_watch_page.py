"""The Airflow plugin of Sanctions Watch: registers the page, nothing else.

Every component of Airflow loads this file, the scheduler and the workers too: the page itself is built at its first request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from airflow.configuration import conf
from airflow.plugins_manager import AirflowPlugin

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_ROUTE = "sanctions_watch"
# Where Airflow is served below a path, the browser has to be told: https://host/airflow -> /airflow/sanctions_watch/
_ADDRESS = f"{urlsplit(conf.get('api', 'base_url', fallback='')).path.rstrip('/')}/{_ROUTE}/"


class PageWhenAsked:
    """An ASGI application that becomes the page when somebody first asks for it."""

    def __init__(self) -> None:
        self._page: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if self._page is None:
            from sanctions_watch.web.behind_airflow import page

            self._page = page()
        await self._page(scope, receive, send)


class SanctionsWatchPage(AirflowPlugin):  # type: ignore[misc] # Airflow is not typed here
    """The page in Airflow's navigation, shown at /plugin/sanctions_watch, and alone at /sanctions_watch/."""

    name = _ROUTE
    fastapi_apps: list[Any] = [{"app": PageWhenAsked(), "url_prefix": f"/{_ROUTE}", "name": "Sanctions Watch"}]  # noqa: RUF012 - Airflow reads lists
    external_views: list[Any] = [  # noqa: RUF012 - Airflow reads lists
        {
            "name": "Sanctions Watch",
            "href": _ADDRESS,
            "destination": "nav",
            "url_route": _ROUTE,
            "nav_top_level": True,
            "icon": f"{_ADDRESS}static/icon.svg",
            "icon_dark_mode": f"{_ADDRESS}static/icon-dark.svg",
        }
    ]
