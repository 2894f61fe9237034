"""Dates in odd forms and zones: what is written, from which country, and the time it means."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanctions_watch.stages.collect.dates import read_date

NOW = datetime(2024, 5, 3, 12, tzinfo=UTC)
TEN = datetime(2024, 5, 2, 10, tzinfo=UTC)
HALF = datetime(2024, 5, 2, 10, 30, tzinfo=UTC)
ONE = datetime(2024, 5, 2, 1, tzinfo=UTC)
MIDNIGHT = datetime(2024, 5, 2, tzinfo=UTC)

FORMS = [
    # RFC 822 and 2822, and what is written in their place
    ("Thu, 02 May 2024 10:00:00 GMT", "", TEN), ("Thu, 2 May 2024 10:00:00 +0000", "", TEN), ("2 May 2024 10:00 UT", "", TEN), ("Thu, 02 May 24 10:00:00 GMT", "", TEN),
    ("Thu, 02 May 2024 10:00:00 Z", "", TEN), ("Thursday, 02-May-24 10:00:00 GMT", "", TEN), ("Thu, 02 May 2024 19:00:00 +0900", "", TEN),
    ("Thu, 02 May 2024 19:00:00 +09:00", "", TEN), ("Thu, 02 May 2024 10:00:00 -0000", "", TEN), ("thu, 02 may 2024 10:00:00 gmt", "", TEN), ("THU, 02 MAY 2024 10:00:00 GMT", "", TEN),
    ("Mon, 02 May 2024 10:00:00 GMT", "", TEN), ("02 May 2024 10:00:00", "", TEN), ("Thu,02 May 2024 10:00:00 GMT", "", TEN), ("Thu, 02 May 2024 10:00:60 GMT", "", TEN.replace(second=59)),
    ("Wed, 01 May 2024 24:00:00 GMT", "", MIDNIGHT), ("Thu May  2 10:00:00 2024", "", TEN), ("Thu May 02 19:00:00 KST 2024", "", TEN), ("Thu, 02 May 2024", "", MIDNIGHT),
    # zones by name
    ("Thu, 02 May 2024 05:00:00 EST", "", TEN), ("Thu, 02 May 2024 06:00:00 EDT", "", TEN), ("Thu, 02 May 2024 04:00:00 CST", "US", TEN), ("Thu, 02 May 2024 18:00:00 CST", "CN", TEN),
    ("Thu, 02 May 2024 03:00:00 MST", "", TEN), ("Thu, 02 May 2024 02:00:00 PST", "", TEN), ("Thu, 02 May 2024 03:00:00 PDT", "", TEN), ("Thu, 02 May 2024 19:00:00 KST", "", TEN),
    ("Thu, 02 May 2024 19:00:00 JST", "", TEN), ("Thu, 02 May 2024 13:00:00 MSK", "", TEN), ("Thu, 02 May 2024 18:00:00 HKT", "", TEN), ("Thu, 02 May 2024 15:30:00 IST", "IN", TEN),
    ("Thu, 02 May 2024 12:00:00 CEST", "", TEN), ("Thu, 02 May 2024 11:00:00 BST", "", TEN), ("Thu, 02 May 2024 19:00:00 (KST)", "", TEN), ("Thu, 02 May 2024 19:00:00 GMT+9", "", TEN),
    ("Thu, 02 May 2024 19:00:00 UTC+09:00", "", TEN), ("Thu, 02 May 2024 19:00:00 GMT+0900 (Korean Standard Time)", "", TEN), ("02.05.2024 13:00 МСК", "", TEN),
    # ISO 8601 and its relatives
    ("2024-05-02T10:00:00Z", "KR", TEN), ("2024-05-02T10:00:00.123456Z", "", TEN), ("2024-05-02T19:00:00+09:00", "", TEN), ("2024-05-02T19:00+0900", "", TEN), ("2024-05-02T19:00:00+09", "", TEN),
    ("2024-05-02T05:00:00-05:00", "", TEN), ("2024-05-02 10:00:00", "", TEN), ("2024-05-02 10:00:00 UTC", "", TEN), ("2024-05-02 10:00:00 +0000", "", TEN), ("2024-05-02t10:00:00z", "", TEN),
    ("2024-05-02T10:00:00,5Z", "", TEN), ("20240502T100000Z", "", TEN), ("20240502100000", "", TEN), ("20240502", "", MIDNIGHT), ("2024-05-02", "", MIDNIGHT), ("2024/05/02 10:00", "", TEN),
    ("2024.05.02 19:00", "KR", TEN), ("2024. 5. 2. 19:00", "KR", TEN), ("2024-5-2 9:05", "", datetime(2024, 5, 2, 9, 5, tzinfo=UTC)),
    # missing zones: the publisher's where there is one
    ("2024-05-02 19:00:00", "KR", TEN), ("2024-05-02 19:00:00", "JP", TEN), ("2024-05-02 18:00:00", "CN", TEN), ("2024-05-02 13:00:00", "RU", TEN), ("2024-05-02 15:30:00", "IN", TEN),
    ("2024-05-02 10:00:00", "US", TEN), ("Thu, 02 May 2024 19:00:00", "KR", TEN),
    # unix times
    ("1714644000", "", TEN), ("1714644000000", "", TEN), ("1714644000.5", "", TEN),
    # Korean, Japanese, Chinese
    ("2024년 5월 2일 19:30", "KR", HALF), ("2024년 5월 2일 오후 7:30", "KR", HALF), ("2024년 05월 02일 오전 10시 00분", "KR", ONE), ("2024년5월2일 19시30분", "KR", HALF), ("2024-05-02 오후 07:30:00", "KR", HALF),
    ("2024年5月2日 19:30", "JP", HALF), ("2024年5月2日19時30分", "JP", HALF), ("2024年5月2日(木) 午後7時30分", "JP", HALF), ("令和6年5月2日 19時30分", "JP", HALF), ("2024年05月02日 18:30:00", "CN", HALF),
    ("2024年5月2日下午6:30", "CN", HALF), ("2024年5月2日 上午12:00", "CN", datetime(2024, 5, 1, 16, tzinfo=UTC)), ("２０２４年５月２日　１９：３０", "JP", HALF),
    # Russian, German, French, Spanish, Italian
    ("2 мая 2024, 13:30", "RU", HALF), ("02 мая 2024 г., 13:30 МСК", "", HALF), ("чт, 02 май 2024 13:30:00 +0300", "RU", HALF), ("02.05.2024 13:30", "RU", HALF), ("2. Mai 2024 10:30", "DE", HALF),
    ("Donnerstag, 2. Mai 2024, 10:30 Uhr", "DE", HALF), ("02.05.2024, 12:30 Uhr CEST", "DE", HALF), ("Do, 02 Mai 2024 12:30:00 +0200", "DE", HALF), ("jeudi 2 mai 2024 10h30", "FR", HALF),
    ("jeu., 02 mai 2024 12:30:00 +0200", "FR", HALF), ("1er mai 2024", "FR", datetime(2024, 5, 1, tzinfo=UTC)), ("2 de mayo de 2024 10:30", "ES", HALF), ("2 maggio 2024 10:30", "IT", HALF),
    ("15 août 2023", "FR", datetime(2023, 8, 15, tzinfo=UTC)), ("3 März 2024", "DE", datetime(2024, 3, 3, tzinfo=UTC)), ("7 декабря 2023", "RU", datetime(2023, 12, 6, 21, tzinfo=UTC)),
    # American words and numbers
    ("May 2, 2024 10:30 AM", "US", HALF), ("May 2, 2024 at 6:30 a.m. EDT", "US", HALF), ("May 2nd, 2024", "", MIDNIGHT), ("12:30 AM, May 2, 2024", "", datetime(2024, 5, 2, 0, 30, tzinfo=UTC)),
    ("05/02/2024 10:30", "US", HALF), ("02/05/2024 10:30", "GB", HALF), ("25/04/2024", "", datetime(2024, 4, 25, tzinfo=UTC)), ("04/25/2024", "", datetime(2024, 4, 25, tzinfo=UTC)),
    ("02-05-2024 10:30", "IE", HALF), ("31 Dec 99 23:59:00 GMT", "", datetime(1999, 12, 31, 23, 59, tzinfo=UTC)),
]  # fmt: skip
NONE = [
    ("", ""), ("soon", ""), ("2024-02-31", ""), ("2024-13-01", ""), ("Thu, 99 Foo 2024", ""), ("Thu, 02 May 2024 25:00:00 GMT", ""), ("Thu, 02 May 2024 10:61:00 GMT", ""),
    ("Thu, 01 Jan 1970 00:00:00 GMT", ""), ("0", ""), ("0000-00-00 00:00:00", ""), ("0001-01-01T00:00:00", ""), ("Sat, 04 May 2024 12:01:00 GMT", ""), ("9999999999", ""), ("2024", ""),
    ("05/02/2024", ""), ("10:30", ""), ("3 hours ago", ""), ("yesterday", ""), ("May 2024", ""), ("1" * 500, ""), ("２０２４", ""), ("2 foober 2024", ""), ("2024-05-02T10:00:00+99:00", ""),
]  # fmt: skip


def test_the_table_is_long_enough():
    assert len({written for written, _, _ in FORMS}) >= 60


@pytest.mark.parametrize(("written", "country", "expected"), FORMS)
def test_forms_and_zones(written, country, expected):
    assert read_date(written, country, NOW) == expected


@pytest.mark.parametrize(("written", "country"), NONE)
def test_what_is_no_date_or_cannot_be_believed(written, country):
    assert read_date(written, country, NOW) is None


def test_a_day_ahead_is_a_clock_that_is_wrong_more_is_no_date():
    assert read_date("Sat, 04 May 2024 11:59:00 GMT", "", NOW) == datetime(2024, 5, 4, 11, 59, tzinfo=UTC)


@given(st.text(max_size=120), st.sampled_from(["", "KR", "US"]))
def test_whatever_is_written_never_raises(written, country):
    found = read_date(written, country, NOW)
    assert found is None or (found.tzinfo is UTC and found.year >= 1990)


@given(
    st.datetimes(datetime(1990, 1, 2), datetime(2024, 5, 2)),  # noqa: DTZ001 - the zone comes with the hours
    st.integers(min_value=-12, max_value=14),
)
def test_what_is_written_in_numbers_comes_back(moment, hours):
    written = moment.replace(microsecond=0)
    expected = written.replace(tzinfo=UTC)
    sign = "+" if hours >= 0 else "-"
    for text in (
        f"{written:%Y-%m-%dT%H:%M:%S}{sign}{abs(hours):02d}:00",
        f"{written:%a, %d %b %Y %H:%M:%S} {sign}{abs(hours):02d}00",
    ):
        found = read_date(text, "", NOW)
        assert found is not None
        assert (expected - found).total_seconds() == hours * 3600
