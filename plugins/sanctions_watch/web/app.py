"""The page's routes: each asks the guard first, reads, and fills one template."""

from __future__ import annotations

import hashlib
import logging
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException as StarletteHTTPException

from sanctions_watch.errors import ConfigurationError, WarehouseError
from sanctions_watch.taxonomy import conducts
from sanctions_watch.text import family
from sanctions_watch.web import wording
from sanctions_watch.web.desk import Desk, Visitor, desk_routes
from sanctions_watch.web.mailbox import MOST_MAILS, envelopes, letter

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

log = logging.getLogger(__name__)

_HERE = Path(__file__).resolve().parent
_PAGE_SIZE = 25
_MOST_CLAIMS = 120
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_WORDING = (
    "accusers",
    "facts_by_kind",
    "forbids",
    "grade_words",
    "listed",
    "plural",
    "title_of",
    "web_link",
    "RELATIONS",
    "RELIABILITY",
    "CREDIBILITY",
)
_STATES = ("open", "withdrawn")
_STATIC = {"page.css": "text/css", "page.js": "text/javascript", "icon.svg": "image/svg+xml", "icon-dark.svg": "image/svg+xml"}

# Nothing from other hosts, no script or style inside a page, and no frame but Airflow's own page and our mails.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
# A mail has its styles inside; it may run nothing, load nothing and lead nowhere.
_MAIL_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def create_app(
    read: Callable[..., list[dict[str, Any]]], mailbox: Path | None, guard: Callable[..., Any], desk: Desk | None = None
) -> FastAPI:
    """The page.

    ``read(query, **parameters)`` answers the rows of ``include/sql/queries/<query>.sql`` and raises WarehouseError; ``mailbox`` is a folder
    of .eml files or None; ``guard`` is the FastAPI dependency that lets a reader in or raises 401 or 403, on every route but the desk's
    ``unsubscribe``; without a ``desk`` nothing can be said on the page.
    """
    app = FastAPI(title="Sanctions Watch", docs_url=None, redoc_url=None, openapi_url=None)
    inside = APIRouter(dependencies=[Depends(guard)])
    visitor = desk.visitor if desk else _nobody
    pages = _Pages(mailbox, has_desk=desk is not None)

    @app.middleware("http")
    async def with_headers(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await call_next(request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    @app.exception_handler(WarehouseError)
    def unreachable(request: Request, error: WarehouseError) -> HTMLResponse:
        log.error("page.warehouse_unreachable %s", type(error.__cause__ or error).__name__)
        return pages.render("unreachable.html", request, status=503, problems=())

    @app.exception_handler(ConfigurationError)
    def misconfigured(request: Request, error: ConfigurationError) -> HTMLResponse:
        return pages.render("unreachable.html", request, status=503, problems=error.problems)

    @app.exception_handler(StarletteHTTPException)
    def refused(request: Request, error: StarletteHTTPException) -> HTMLResponse:
        return pages.render("refused.html", request, status=error.status_code, code=error.status_code)

    @inside.get("/")
    def allegations(request: Request) -> HTMLResponse:
        chosen = Filter.of(request)
        rows = read("page_allegations", state=chosen.state, conduct=chosen.conduct, accused=chosen.accused,
                    page_size=_PAGE_SIZE, skipped=(chosen.page - 1) * _PAGE_SIZE)  # fmt: skip
        total = rows[0]["total"] if rows else 0
        return pages.render(
            "allegations.html",
            request,
            chosen=chosen,
            rows=rows,
            total=total,
            first=(chosen.page - 1) * _PAGE_SIZE + 1,
            last=(chosen.page - 1) * _PAGE_SIZE + len(rows),
            has_more=chosen.page * _PAGE_SIZE < total,
            families=_families(read("page_conducts")),
            overview=read("page_overview")[0],
            states=_STATES,
        )

    @inside.get("/allegations/{allegation_id}")
    def allegation(request: Request, allegation_id: str, visitor: Visitor | None = Depends(visitor)) -> HTMLResponse:  # noqa: B008, FAST002 - a dependency of this closure
        found = read("page_allegation", allegation_id=allegation_id) if _ID.fullmatch(allegation_id) else []
        if not found:
            raise HTTPException(404)
        claims = read("page_allegation_claims", allegation_id=allegation_id, most=_MOST_CLAIMS)
        groups = wording.grouped_claims(claims)
        return pages.render(
            "allegation.html",
            request,
            known=found[0],
            versions=read("page_allegation_versions", allegation_id=allegation_id),
            said=[claim for claim in groups if claim["modality"] not in {"denied", "withdrawn"}],
            answers=[claim for claim in groups if claim["modality"] in {"denied", "withdrawn"}],
            has_all_claims=len(claims) < _MOST_CLAIMS,
            rules=wording.rules(claims),
            articles=read("page_allegation_articles", allegation_id=allegation_id),
            mails=wording.mails_by_alert(read("page_allegation_mails", allegation_id=allegation_id)),
            rulings=read("page_rulings", allegation_id=allegation_id),
            visitor=visitor,
            token=desk.signer.form_token(visitor.user_id) if desk and visitor else "",
            letters={envelope.message_id: envelope.name for envelope in envelopes(mailbox)[0]} if mailbox else {},
        )

    @inside.get("/mails")
    def mails(request: Request) -> HTMLResponse:
        if mailbox is None:
            raise HTTPException(404)
        shown, total = envelopes(mailbox)
        return pages.render("mails.html", request, mails=shown, total=total, most=MOST_MAILS)

    @inside.get("/mails/{name}")
    def mail(request: Request, name: str) -> HTMLResponse:
        found = letter(mailbox, name) if mailbox else None
        if found is None:
            raise HTTPException(404)
        as_text = request.query_params.get("as") == "text" or not found.html
        return pages.render("mail.html", request, mail=found.envelope, text=found.text, has_html=bool(found.html), as_text=as_text)

    @inside.get("/mails/{name}/html")
    def mail_html(name: str) -> HTMLResponse:
        found = letter(mailbox, name) if mailbox else None
        if found is None or not found.html:
            raise HTTPException(404)
        return HTMLResponse(found.html, headers={"Content-Security-Policy": _MAIL_POLICY})

    @inside.get("/static/{name}")
    def static(name: str) -> Response:
        if name not in _STATIC:
            raise HTTPException(404)
        content = (_HERE / "static" / name).read_bytes()
        return Response(content, media_type=_STATIC[name], headers={"Cache-Control": "private, max-age=3600"})

    app.include_router(inside)
    if desk is not None:
        for router in desk_routes(desk, read, pages.render, guard):
            app.include_router(router)
    return app


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list is narrowed to. What is not understood narrows nothing."""

    state: str = ""
    conduct: str = ""
    accused: str = ""
    page: int = 1

    @classmethod
    def of(cls, request: Request) -> Filter:
        """The filter that an address asks for."""
        asked = request.query_params
        known = {*conducts(), *map(family, conducts())}
        number = asked.get("page", "")
        return cls(
            state=asked["state"] if asked.get("state") in _STATES else "",
            conduct=asked["conduct"] if asked.get("conduct") in known else "",
            accused=asked.get("accused", "").replace("\x00", "").strip()[:100],
            page=min(max(int(number), 1), 10_000) if number.isascii() and number.isdecimal() and len(number) < 6 else 1,
        )

    @property
    def is_narrow(self) -> bool:
        """Whether anything is left out."""
        return bool(self.state or self.conduct or self.accused)

    def address(self, page: int) -> str:
        """The query of another page of the same list."""
        asked = {"accused": self.accused, "conduct": self.conduct, "state": self.state, "page": page if page > 1 else ""}
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"?{query}" if query else "?"


def _nobody() -> None:
    """The visitor of a page on which nothing can be said."""


def _families(rows: list[dict[str, Any]]) -> list[tuple[str, list[tuple[str, str, int]]]]:
    """(family, its conducts as (id, title, allegations)) for the filter."""
    found: dict[str, list[tuple[str, str, int]]] = {}
    for row in rows:
        found.setdefault(family(row["conduct"]), []).append((row["conduct"], wording.title_of(row["conduct"]), row["allegations"]))
    return sorted(found.items())


class _Pages:
    """The templates, and what every one of them may use."""

    def __init__(self, mailbox: Path | None, *, has_desk: bool) -> None:
        self.environment = Environment(
            loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined,
            finalize=_without_direction, trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        self.environment.globals.update(
            has_mailbox=mailbox is not None,
            has_desk=has_desk,
            edition=hashlib.sha256(b"".join((_HERE / "static" / name).read_bytes() for name in _STATIC)).hexdigest()[:12],
            **{name: getattr(wording, name) for name in _WORDING},
        )
        self.environment.filters.update(day=_day, moment=_moment, iso=_iso)

    def render(self, template: str, request: Request, *, status: int = 200, **values: Any) -> HTMLResponse:
        """A page; ``root`` leads from it to the list, so that every link is relative and works under any prefix."""
        path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
        root = "../" * max(path.count("/") - 1, 0) or "./"
        return HTMLResponse(self.environment.get_template(template).render(root=root, **values), status_code=status)


# Characters that turn the direction of what follows: scraped text could use them to disguise a name or an address.
_DIRECTION = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C])


def _without_direction(value: Any) -> Any:
    """What a template prints, in the same type (escaped text stays marked as such)."""
    return type(value)(value.translate(_DIRECTION)) if isinstance(value, str) else value


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%b %Y}"


def _moment(moment: datetime) -> str:
    return f"{_day(moment)}, {moment:%H:%M}"


def _iso(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
