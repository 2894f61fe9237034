"""What an analyst may say on the page: verdicts, grades, silences, and what the queues ask; each a POST that only the page itself can send.

Reading needs the page's permission; saying something needs ``Visitor.may_judge``; the one address without a log-in is ``unsubscribe``.
"""

import json
import re
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from sanctions_watch.adapters.signing import ACTION_DAYS, BadToken, Signer
from sanctions_watch.errors import WarehouseRefused
from sanctions_watch.ports import Unit
from sanctions_watch.records import Ruling, RulingKind, Silence

PAGE_SIZE = 25
MOST_REASON = 500  # characters
SILENCE_DAYS = 30
_VIEWS = {"allegations": "page_unjudged", "claims": "page_uncertain_claims", "articles": "page_near_misses"}
_GRADE = re.compile(r"[A-F][1-6]")
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_RULINGS = ("confirm", "dismiss", "reopen", "grade")


# Annotations stay values in this module (no "from __future__ import annotations"): FastAPI reads those of the routes below.
Field = Annotated[str, Form(max_length=2000)]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is signed in. ``user_id`` binds forms to them; what they say is kept under ``name``."""

    user_id: str
    name: str
    may_judge: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """What saying something needs. ``visitor`` is a FastAPI dependency that raises 401 for nobody."""

    begin: Callable[[], AbstractContextManager[Unit]]
    now: Callable[[], datetime]
    signer: Signer
    visitor: Callable[..., Visitor]


@dataclass(slots=True)
class RateLimit:
    """At most ``most`` calls within ``seconds``, counted over everybody: an anonymous address must not be a way to wear us out."""

    most: int
    seconds: float
    _calls: deque[float] = field(default_factory=deque)

    def allows(self, at: float) -> bool:
        """Count one call."""
        while self._calls and at - self._calls[0] > self.seconds:
            self._calls.popleft()
        if len(self._calls) >= self.most:
            return False
        self._calls.append(at)
        return True


def desk_routes(
    desk: Desk, read: Callable[..., list[dict[str, Any]]], render: Callable[..., HTMLResponse], guard: Callable[..., Any]
) -> tuple[APIRouter, APIRouter]:
    """(the routes behind the guard, the one without a log-in)."""
    inside = APIRouter(dependencies=[Depends(guard)])
    outside = APIRouter()
    Who = Annotated[Visitor, Depends(desk.visitor)]  # noqa: N806 - a type
    limit = RateLimit(60, 60.0)

    def judge(visitor: Visitor, request: Request, token: str) -> None:
        """Raises 403 unless this visitor may say something, and said it on this page."""
        if not visitor.may_judge:
            raise HTTPException(403)
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            raise HTTPException(403)
        try:
            desk.signer.check_form(visitor.user_id, token)
        except BadToken:
            raise HTTPException(403) from None

    @inside.get("/review")
    def review(request: Request, visitor: Who) -> HTMLResponse:
        view = request.query_params.get("view", "")
        view = view if view in _VIEWS else "allegations"
        page = _page(request)
        rows = read(_VIEWS[view], page_size=PAGE_SIZE, skipped=(page - 1) * PAGE_SIZE)
        return render("review.html", request, queue=view, rows=rows, total=rows[0]["total"] if rows else 0, page=page,
                      page_size=PAGE_SIZE, visitor=visitor, token=desk.signer.form_token(visitor.user_id))  # fmt: skip

    @inside.post("/allegations/{allegation_id}/rulings")
    def rule(
        request: Request, visitor: Who, allegation_id: str, token: Field, kind: Field, reason: Field = "", grade: Field = ""
    ) -> Response:
        judge(visitor, request, token)
        said = " ".join(reason.split())[:MOST_REASON]
        if kind not in _RULINGS or (kind == "dismiss" and not said) or (kind == "grade" and grade and not _GRADE.fullmatch(grade)):
            raise HTTPException(422)
        ruling = Ruling(
            allegation_id[:64], cast("RulingKind", kind), said, visitor.name, desk.now(), grade if kind == "grade" else ""
        )
        _store(desk, lambda unit: unit.save_ruling(ruling))
        return RedirectResponse(f"../{allegation_id}#verdict", status_code=303)

    @inside.post("/reviews")
    def decide(
        request: Request, visitor: Who, token: Field, subject_kind: Field, subject_id: Field, decision: Field, reason: Field = ""
    ) -> Response:
        judge(visitor, request, token)
        if subject_kind not in ("claim", "article") or decision not in ("right", "wrong") or not _ID.fullmatch(subject_id):
            raise HTTPException(422)
        said = " ".join(reason.split())[:MOST_REASON]
        _store(
            desk,
            lambda unit: unit.save_review(subject_kind, subject_id, decision, reason=said, said_by=visitor.name, now=desk.now()),
        )
        return RedirectResponse(f"review?view={subject_kind}s", status_code=303)

    @inside.get("/act")
    def act(request: Request, visitor: Who) -> HTMLResponse:
        try:
            action = desk.signer.read_action(request.query_params.get("t", ""))
        except BadToken as error:
            return render(
                "act.html", request, status=400, problem=str(error), action=None, known=None, visitor=visitor, token="", link=""
            )
        found = read("page_allegation", allegation_id=action.allegation_id)
        if not found:
            raise HTTPException(404)
        return render("act.html", request, problem="", action=action, known=found[0], visitor=visitor, days=SILENCE_DAYS,
                      token=desk.signer.form_token(visitor.user_id), link=request.query_params["t"])  # fmt: skip

    @inside.post("/silences")
    def silence(request: Request, visitor: Who, token: Field, link: Field, reason: Field = "") -> Response:
        judge(visitor, request, token)
        try:
            action = desk.signer.read_action(link)
        except BadToken:
            raise HTTPException(400) from None
        said = " ".join(reason.split())[:MOST_REASON] or "said in a mail"
        wanted = Silence(desk.now() + timedelta(days=SILENCE_DAYS), said, allegations=(action.allegation_id,))
        _store(desk, lambda unit: unit.save_silence(action.subscriber_id, wanted, visitor.name, desk.now()))
        return RedirectResponse(f"allegations/{action.allegation_id}#verdict", status_code=303)

    @inside.get("/subscribers")
    def subscribers(request: Request, visitor: Who) -> HTMLResponse:
        if not visitor.may_judge:
            raise HTTPException(403)  # names and addresses of people
        return render("subscribers.html", request, rows=read("page_subscribers"), now=desk.now(), visitor=visitor,
                      token=desk.signer.form_token(visitor.user_id))  # fmt: skip

    @inside.post("/subscribers/{subscriber_id}/again")
    def again(request: Request, visitor: Who, subscriber_id: str, token: Field, channel: Field) -> Response:
        judge(visitor, request, token)
        if channel not in ("mail", "webhook", "slack"):
            raise HTTPException(422)
        _store(
            desk,
            lambda unit: unit.save_opt_out(subscriber_id, channel, is_out=False, said_by=visitor.name, now=desk.now()),  # type: ignore[arg-type] # checked above
        )
        return RedirectResponse("../../subscribers", status_code=303)

    @inside.get("/cases.jsonl")
    def cases(visitor: Who) -> Response:
        if not visitor.may_judge:
            raise HTTPException(403)
        return StreamingResponse(_lines(read("page_cases")), media_type="application/x-ndjson",
                                 headers={"Content-Disposition": 'attachment; filename="cases.jsonl"'})  # fmt: skip

    @outside.get("/unsubscribe")
    def asked(request: Request) -> HTMLResponse:
        """A person who follows the link: a page with a button, because a mere visit, as a scanner makes it, must end nothing."""
        return render(
            "unsubscribe.html", request, status=405, is_done=False, problem="", link=request.query_params.get("t", "")[:2000]
        )

    @outside.post("/unsubscribe")
    def unsubscribe(request: Request) -> HTMLResponse:
        if not limit.allows(time.monotonic()):
            raise HTTPException(429)
        try:
            opting = desk.signer.read_opt_out(request.query_params.get("t", ""))
        except BadToken as error:
            return render("unsubscribe.html", request, status=400, is_done=False, problem=str(error), link="")
        by = "the link in a mail"
        _store(desk, lambda unit: unit.save_opt_out(opting.subscriber_id, opting.channel, is_out=True, said_by=by, now=desk.now()))
        return render("unsubscribe.html", request, is_done=True, problem="", link="")

    return inside, outside


def _store(desk: Desk, say: Callable[[Unit], None]) -> None:
    """Raises 404 where what was spoken of is not there."""
    try:
        with desk.begin() as unit:
            say(unit)
    except WarehouseRefused:
        raise HTTPException(404) from None


def _page(request: Request) -> int:
    number = request.query_params.get("page", "")
    return min(max(int(number), 1), 10_000) if number.isascii() and number.isdecimal() and len(number) < 6 else 1


def _lines(rows: list[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        yield json.dumps(row, ensure_ascii=False, default=str) + "\n"


__all__ = ["ACTION_DAYS", "Desk", "RateLimit", "Visitor", "desk_routes"]
