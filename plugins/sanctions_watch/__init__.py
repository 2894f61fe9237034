"""Sanctions Watch: who alleges that whom breached the UN sanctions on North Korea, from news feeds to an analyst's mail.

    feed bytes -> Entry -> Article -> Selection -> Story -> Claim -> Assessment -> Alert -> Notification
       collect     clean    select   deduplicate  extract  assess      alert     deliver

``records`` holds the nouns, ``stages`` the verbs (pure), ``ports`` what the flow needs of the world, ``pipeline`` the flow,
``adapters`` the world. As a library:

    from sanctions_watch import Row, analyze
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sanctions_watch.library import Analysis, Row, analyze, cluster, replay

__version__ = "0.1.0"
__all__ = ["Analysis", "Row", "analyze", "cluster", "replay"]


def __getattr__(name: str) -> Any:
    # Airflow imports this package in every component: the stages and their parsers load when they are asked for.
    if name in __all__:
        return getattr(import_module("sanctions_watch.library"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
