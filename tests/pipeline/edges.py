"""Fakes of the edges only: a web of pages in a dict, a mail server that does as told. Everything between is the real thing."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sanctions_watch.clock import FixedClock
from sanctions_watch.errors import DeliveryError
from sanctions_watch.pipeline import Flow
from sanctions_watch.records import Feed, FetchRequest, FetchResult, Mail, Subscriber

NOW = datetime(2019, 5, 14, 9, 0, tzinfo=UTC)


class Web:
    """Pages by address; anything else answers 404."""

    def __init__(self, clock: FixedClock, pages: dict[str, bytes]) -> None:
        self.clock, self.pages, self.asked = clock, pages, []

    def fetch(self, requests: Sequence[FetchRequest]) -> list[FetchResult]:
        self.asked += [request.url for request in requests]
        return [self._answer(request) for request in requests]

    def _answer(self, request: FetchRequest) -> FetchResult:
        body = self.pages.get(request.url)
        if body is None:
            return FetchResult(request, self.clock.now(), 404, request.url, error="the server answers 404", failure="hard")
        kind = "application/rss+xml" if request.purpose == "feed" else "text/html; charset=utf-8"
        return FetchResult(request, self.clock.now(), 200, request.url, content_type=kind, body=body)


class MailServer:
    """Accepts mails, or raises what it is told to raise, first to last."""

    def __init__(self, *troubles: BaseException) -> None:
        self.accepted: list[Mail] = []
        self.troubles = list(troubles)

    def deliver(self, mail: Mail) -> None:
        if self.troubles:
            trouble = self.troubles.pop(0)
            if getattr(trouble, "is_uncertain", False) or isinstance(trouble, Killed):
                self.accepted.append(mail)  # the server had it: only our side does not know
            raise trouble
        self.accepted.append(mail)


class Killed(BaseException):
    """kill -9, as far as one process can play it to itself: no handler catches it."""


class KillingWarehouse:
    """A warehouse whose process is killed at the n-th call of one of its units."""

    def __init__(self, inside: Any, at: int) -> None:
        self.inside, self.left = inside, at

    @contextmanager
    def begin(self):
        with self.inside.begin() as unit:
            yield _KillingUnit(unit, self)

    def tick(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise Killed


class _KillingUnit:
    def __init__(self, unit: Any, owner: KillingWarehouse) -> None:
        self.unit, self.owner = unit, owner

    def part(self) -> AbstractContextManager[None]:
        return self.unit.part()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self.unit, name)

        def call(*arguments: Any, **named: Any) -> Any:
            self.owner.tick()
            answer = method(*arguments, **named)
            self.owner.tick()
            return answer

        return call


def page(title: str, *paragraphs: str) -> bytes:
    """An article page with what pages have around it."""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"""<!doctype html><html lang="en"><head><title>{title} | Harbour Post</title></head><body>
    <nav><a href="/">Home</a> <a href="/sport">Sport</a></nav><main><article><h1>{title}</h1>{body}</article></main>
    <footer>© Harbour Post. All rights reserved.</footer></body></html>""".encode()


def rss(*items: tuple[str, str, str, datetime]) -> bytes:
    """An RSS 2.0 feed of (url, title, summary, published)."""
    listed = "".join(
        f"<item><guid>{url}</guid><link>{url}</link><title>{title}</title><description>{summary}</description>"
        f"<pubDate>{published:%a, %d %b %Y %H:%M:%S} +0000</pubDate></item>"
        for url, title, summary, published in items
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour Post</title>{listed}</channel></rss>'.encode()


FEED = Feed("harbour-post", "https://harbour-post.example/feed.xml", "Harbour Post", country="SG", reliability="C")
ANALYST = Subscriber("analyst", "Ana Lyst", "ana@example.org")

COAL = "https://harbour-post.example/2019/05/coal"
COAL_TITLE = "UN panel: Lumina Bay Shipping moved North Korean coal through Vietnam"
COAL_PAGE = page(
    COAL_TITLE,
    "SINGAPORE -- A Vietnamese company, Lumina Bay Shipping, bought 21,500 tonnes of coal from North Korea in March in breach of United "
    "Nations sanctions, the U.N. Panel of Experts said in a report seen by the Harbour Post on Monday.",
    "The panel said that Lumina Bay Shipping imported the North Korean coal through the port of Cam Pha with papers that named Indonesia "
    "as its origin. Security Council Resolution 2371 bans all exports of coal by North Korea.",
    "A spokesman for Lumina Bay Shipping denied that the company had bought North Korean coal. The cargo came from Kalimantan, he said.",
    "The Security Council committee that watches the sanctions on North Korea meets in New York next week.",
)
CHESS = "https://harbour-post.example/2019/05/chess"
CHESS_PAGE = page(
    "Chess club opens its doors", "The chess club in Tiong Bahru opens on Saturday with a blitz tournament for beginners."
)


def world() -> tuple[dict[str, bytes], bytes]:
    """The pages of one publisher, its feed among them."""
    feed = rss(
        (COAL, COAL_TITLE, "A company bought coal from North Korea, UN experts say.", NOW - timedelta(hours=2)),
        (CHESS, "Chess club opens its doors", "A blitz tournament for beginners.", NOW - timedelta(hours=3)),
    )
    return {COAL: COAL_PAGE, CHESS: CHESS_PAGE, FEED.url: feed}, feed


def flow_on(warehouse: Any, *, mailer: Any = None, pages: dict[str, bytes] | None = None, clock: FixedClock | None = None) -> Flow:
    """The real flow between the fake edges, with one feed and one analyst registered."""
    clock = clock or FixedClock(NOW)
    flow = Flow(warehouse, Web(clock, world()[0] if pages is None else pages), mailer or MailServer(), clock)
    flow.register([FEED], [ANALYST])
    return flow


def run(flow: Flow) -> None:
    """Everything once, as the DAGs do it."""
    flow.collect(flow.feeds_due())
    for stage in (flow.clean, flow.select, flow.deduplicate, flow.extract, flow.assess, flow.fan_out):
        flow.drain(stage)
    flow.deliver()


REFUSED = DeliveryError("550 no such mailbox")
LATER = DeliveryError("451 try again later", is_retryable=True)
LOST = DeliveryError("connection lost after DATA", is_uncertain=True)
