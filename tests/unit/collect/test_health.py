"""What is said of a feed's health, when the alarm comes, and when it is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sanctions_watch.records import Feed, FeedState, FetchResult, Poll
from sanctions_watch.stages.collect import collect, feed_request, first_state

MONDAY = datetime(2024, 4, 1, tzinfo=UTC)
FEED = Feed("paper", "https://paper.example/feed", "Paper")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HTML = b"<!doctype html><html><head><title>We are back soon</title></head><body><p>Maintenance</p></body></html>"


def rss(times: list[datetime], first: int = 0) -> bytes:
    listed = "".join(
        f"<item><guid>g{first + n}</guid><link>https://paper.example/{first + n}</link><title>Ship {first + n} held</title>"
        f"<pubDate>{time:%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
        for n, time in enumerate(times)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>P</title>{listed}</channel></rss>'.encode()


class Told:
    """A feed that is visited, again and again; its state goes on."""

    def __init__(self) -> None:
        self.state: FeedState = first_state(FEED, MONDAY)
        self.last: Poll

    def answers(self, at: datetime, body: bytes = b"", status: int = 200, **more) -> str:
        result = FetchResult(feed_request(FEED, self.state), at, status, FEED.url, content_type="text/xml", body=body, **more)
        self.last = collect(FEED, self.state, result, at)
        self.state = self.last.state
        return self.state.health.word

    def lives(self, days: int) -> datetime:
        """An entry every two hours, seen an hour later; answers the last visit's time."""
        times = [MONDAY + 2 * HOUR * n for n in range(12 * days)]
        for n, time in enumerate(times):
            self.answers(time + HOUR, rss(times[max(0, n - 9) : n + 1], max(0, n - 9)))
        return times[-1] + HOUR


def test_a_feed_is_new_until_it_answers():
    told = Told()
    assert told.state.health.word == "new"
    assert told.answers(MONDAY, rss([MONDAY - HOUR])) == "well"


def test_a_feed_that_never_answers_is_failing_after_a_hard_failure():
    told = Told()
    assert told.answers(MONDAY, status=0, error="no answer in time", failure="temporary") == "new"
    assert told.answers(MONDAY + HOUR, status=404, error="HTTP 404 Not Found", failure="hard") == "failing"
    assert told.state.health.reason == "it has never answered: HTTP 404 Not Found"


def test_a_blip_is_no_alarm_and_six_hours_are():
    told = Told()
    end = told.lives(3)
    assert told.answers(end + 5 * HOUR, status=503, error="HTTP 503", failure="temporary") == "well"
    assert told.answers(end + 10.9 * HOUR, status=503, error="HTTP 503", failure="temporary") == "well"
    assert told.answers(end + 11 * HOUR, status=503, error="HTTP 503", failure="temporary") == "failing"
    assert "now failing: no answer since" in told.last.reason
    assert told.answers(end + 12 * HOUR, status=503, error="HTTP 503", failure="temporary") == "failing"
    assert "now failing" not in told.last.reason


def test_its_return_is_noticed():
    told = Told()
    end = told.lives(3)
    for hour in (1, 8):
        told.answers(end + hour * HOUR, status=503, error="HTTP 503", failure="temporary")
    assert told.answers(end + 72 * HOUR, rss([end + 71 * HOUR], 999)) == "well"
    assert "well again after 3 days of being failing" in told.last.reason
    assert (told.state.failing_since, told.state.failures) == (None, 0.0)


def test_html_instead_of_a_feed_is_alive_but_wrong():
    told = Told()
    end = told.lives(3)
    assert told.answers(end + HOUR, HTML) == "well"
    assert told.answers(end + 2 * HOUR, HTML) == "wrong"
    assert 'an HTML page titled "We are back soon" instead of a feed' in told.state.health.reason


def test_a_feed_with_nothing_in_it_is_alive_but_wrong():
    told = Told()
    end = told.lives(3)
    for hour in (1, 2):
        told.answers(end + hour * HOUR, rss([]))
    assert told.state.health.word == "wrong"
    assert "without a single entry" in told.state.health.reason


def test_new_entries_with_dates_that_stand_still_are_wrong():
    told = Told()
    end = told.lives(3)
    words = [told.answers(end + DAY * n, rss([end - 3 * DAY] * 3, 1000 + 10 * n)) for n in range(1, 4)]
    assert words == ["well", "well", "wrong"]
    assert "stand still" in told.state.health.reason
    assert told.answers(end + 4 * DAY, rss([end + 4 * DAY - HOUR], 2000)) == "well"


def test_silence_against_its_own_rhythm_is_an_alarm_and_news_ends_it():
    told = Told()
    end = told.lives(21)
    assert told.answers(end + 6 * HOUR, status=304) == "well"
    assert told.answers(end + 3 * DAY, status=304) == "quiet"
    assert "its own rhythm let expect" in told.state.health.reason
    assert told.answers(end + 4 * DAY, rss([end + 4 * DAY - HOUR], 5000)) == "well"
    assert "well again after 24 hours of being quiet" in told.last.reason


def test_no_silence_is_judged_before_two_weekends_were_seen():
    told = Told()
    end = told.lives(4)
    assert told.answers(end + 3 * DAY, status=304) == "well"


def test_gone_is_retired_and_comes_back_if_it_answers():
    told = Told()
    end = told.lives(3)
    assert told.answers(end + HOUR, status=410, error="HTTP 410 Gone", failure="hard") == "retired"
    assert told.state.retired_at == end + HOUR
    assert told.answers(end + DAY, rss([end + DAY - HOUR], 999)) == "well"
    assert told.state.retired_at is None


def test_304_for_what_had_changed_is_found_out():
    told = Told()
    end = told.lives(3)
    told.answers(end + HOUR, rss([end], 100), etag='"1"')
    for hour in (2, 8, 30):
        told.answers(end + hour * HOUR, status=304)
    plain = FetchResult(
        feed_request(FEED, first_state(FEED, MONDAY)), end + 60 * HOUR, 200, FEED.url, body=rss([end + 5 * HOUR], 200), etag='"2"'
    )
    poll = collect(FEED, told.state, plain, end + 60 * HOUR)
    assert poll.state.etag_lies
    assert "told of no change" in poll.reason
    late = FetchResult(plain.request, end + 60 * HOUR, 200, FEED.url, body=rss([end + 59 * HOUR], 200), etag='"2"')
    assert not collect(FEED, told.state, late, end + 60 * HOUR).state.etag_lies
