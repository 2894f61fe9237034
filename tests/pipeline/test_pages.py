"""A page that could not be fetched is tried again: the article gets a new version when it comes, and the state can be seen."""

from datetime import timedelta

from tests.pipeline.edges import COAL, NOW, Web, flow_on, run, world

from sanctions_watch.clock import FixedClock
from sanctions_watch.records import FetchRequest, FetchResult
from sanctions_watch.stages.clean import article_id_of

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


class Down(Web):
    """A web on which the pages named in ``down`` answer with that status."""

    def __init__(self, clock: FixedClock) -> None:
        super().__init__(clock, world()[0])
        self.down: dict[str, int] = {COAL: 503}

    def _answer(self, request: FetchRequest) -> FetchResult:
        status = self.down.get(request.url)
        if status is None:
            return super()._answer(request)
        failure = "temporary" if status == 503 else "hard"
        return FetchResult(request, self.clock.now(), status, request.url, error=f"HTTP {status}", failure=failure)


def started(warehouse):
    flow = flow_on(warehouse)
    object.__setattr__(flow, "fetcher", Down(flow.clock))
    run(flow)
    return flow


def coal(flow):
    """The article and what is known of its page."""
    with flow.warehouse.begin() as unit:
        article = unit.latest_article(article_id_of(COAL, "Harbour Post", ""))
        return article, unit.page_visit(article.entry_id)


def at(flow, later):
    flow.clock.time = NOW + later
    run(flow)
    return coal(flow)


def test_the_article_gets_a_new_version_when_its_page_comes(warehouse):
    flow = started(warehouse)
    article, visit = coal(flow)
    assert (article.version, "21,500" in article.text) == (1, False)
    assert (visit.state, visit.attempts, visit.status, visit.next_try_at) == ("waiting", 1, 503, NOW + 10 * MINUTE)
    asked = flow.fetcher.asked.count(COAL)
    at(flow, 9 * MINUTE)
    assert flow.fetcher.asked.count(COAL) == asked
    flow.fetcher.down.clear()
    article, visit = at(flow, 10 * MINUTE)
    assert (article.version, "21,500" in article.text) == (2, True)
    assert (visit.state, visit.attempts, visit.next_try_at, visit.error) == ("fetched", 2, None, "")
    assert any("Lumina Bay Shipping" in mail.subject for mail in flow.mailer.accepted)
    at(flow, 30 * HOUR)
    assert flow.fetcher.asked.count(COAL) == asked + 1


def test_it_is_given_up_after_five_tries_and_the_feeds_words_stay(warehouse):
    flow = started(warehouse)
    times = [10 * MINUTE, 70 * MINUTE, 70 * MINUTE + 6 * HOUR, 70 * MINUTE + 30 * HOUR]
    states = [at(flow, later)[1].state for later in times]
    assert states == ["waiting", "waiting", "waiting", "given_up"]
    article, visit = at(flow, timedelta(days=9))
    assert (article.version, visit.attempts, visit.error) == (1, 5, "HTTP 503")


def test_what_another_try_will_not_change_is_not_tried_again(warehouse):
    flow = flow_on(warehouse)
    object.__setattr__(flow, "fetcher", Down(flow.clock))
    flow.fetcher.down[COAL] = 403
    run(flow)
    assert coal(flow)[1].state == "given_up"


def test_a_page_that_is_not_there_yet_has_one_more_try(warehouse):
    flow = flow_on(warehouse)
    object.__setattr__(flow, "fetcher", Down(flow.clock))
    flow.fetcher.down[COAL] = 404
    run(flow)
    assert coal(flow)[1].next_try_at == NOW + HOUR
    assert at(flow, HOUR)[1].state == "given_up"


def test_a_page_that_came_at_once_is_remembered_too(warehouse):
    flow = flow_on(warehouse)
    run(flow)
    _, visit = coal(flow)
    assert (visit.state, visit.attempts, visit.status) == ("fetched", 1, 200)


def test_what_waits_wakes_the_next_run_when_its_time_has_come(warehouse):
    flow = started(warehouse)
    assert flow.waiting() == 0
    flow.clock.time = NOW + 10 * MINUTE
    assert flow.waiting() == 1
