"""The shipped registry against a list of its own: nothing is missing, nothing crept in, nothing is called tried that was not."""

from urllib.parse import urlsplit

from sanctions_watch.data import include
from sanctions_watch.stages.collect.registry import read_feeds

# host and path of every feed, by language where it is not English
WIRES = """rss.upi.com/news/news.rss rss.upi.com/news/topnews.rss rss.upi.com/news/tn_int.rss rss.upi.com/news/world_news.rss
en.yna.co.kr/RSS/news.xml www.yna.co.kr/rss/northkorea.xml jp.yna.co.kr/RSS/nk.xml tass.com/rss/v2.xml tass.ru/rss/v2.xml
www.interfax.ru/rss.asp ria.ru/export/rss2/index.xml www.xinhuanet.com/english/rss/worldrss.xml www.chinanews.com.cn/rss/world.xml"""
SPECIALISTS = """www.nknews.org/feed/ www.38north.org/feed/ www.dailynk.com/english/feed/ www.dailynk.com/feed dailynk.jp/feed
www.asiapress.org/apn/feed/index.xml beyondparallel.csis.org/feed/ www.armscontrol.org/rss.xml kcnawatch.org/feed/ kcna.kp/en/rss
www.rfa.org/english/news/korea/rss2.xml www.rfa.org/korean/rss2.xml thediplomat.com/tag/north-korea/feed/"""
PRESS = """www.koreaherald.com/rss/newsAll feed.koreatimes.co.kr/k/allnews.xml feeds.content.dowjones.io/public/rss/RSSWorldNews
www.theguardian.com/world/north-korea/rss feeds.bbci.co.uk/news/world/rss.xml rss.nytimes.com/services/xml/rss/nyt/World.xml
feeds.washingtonpost.com/rss/world www.dawn.com/feeds/home www.straitstimes.com/tags/north-korea/rss.xml www.scmp.com/rss/91/feed
asia.nikkei.com/rss/feed/nar www.themoscowtimes.com/rss/news www.kommersant.ru/RSS/news.xml www.eastrussia.ru/rss/
www3.nhk.or.jp/rss/news/cat6.xml www.france24.com/en/rss www.aljazeera.com/xml/rss/all.xml"""
OFFICIAL = """news.un.org/feed/subscribe/en/news/all/rss.xml press.un.org/en/rss.xml www.state.gov/rss-feed/press-releases/feed/
www.state.gov/rss-feed/east-asia-and-the-pacific/feed/ home.treasury.gov/news/press-releases/feed www.justice.gov/news/rss
ofsi.blog.gov.uk/feed/"""
WATCHED = "ofac.treasury.gov/recent-actions msmt.info main.un.org/securitycouncil/en/sanctions/1718"
LANGUAGES = {"ko": 3, "ja": 4, "ru": 5, "zh": 1}
STATE = {"tass-en", "tass-ru", "ria-ru", "xinhua-world", "chinanews-world", "kcna-en"}


def feeds():
    return read_feeds(include("feeds.yaml").read_text(encoding="utf-8"), "feeds.yaml")


def place(url):
    parts = urlsplit(url)
    return f"{parts.hostname}{parts.path}"


def test_every_feed_is_there_and_no_other():
    wanted = f"{WIRES} {SPECIALISTS} {PRESS} {OFFICIAL} {WATCHED}".split()
    assert len(wanted) == len(set(wanted)) == 53
    assert sorted(place(feed.url) for feed in feeds()) == sorted(wanted)


def test_the_watched_pages_are_read_as_pages():
    assert sorted(place(feed.url) for feed in feeds() if feed.format == "page") == sorted(WATCHED.split())


def test_each_has_its_facts():
    for feed in feeds():
        assert feed.publisher, feed.feed_id
        assert feed.reliability != "F", feed.feed_id
        assert feed.country or feed.kind == "un" or feed.feed_id == "msmt", feed.feed_id
    assert {feed.feed_id for feed in feeds() if feed.kind == "state_media"} == STATE
    for language, count in LANGUAGES.items():
        assert sum(feed.language == language for feed in feeds()) == count, language


def test_what_was_seen_of_some_is_noted():
    notes = {feed.feed_id: feed.note for feed in feeds() if feed.note}
    assert set(notes) == {"un-news", "us-justice-press", "us-ofac-actions"}


def test_none_is_called_tried():
    assert [feed.feed_id for feed in feeds() if feed.verified_on] == []
