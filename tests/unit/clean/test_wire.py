"""Credits in the forms that agencies use, what only looks like one, and notices."""

from __future__ import annotations

import pytest

from sanctions_watch.stages.clean.wire import credit_of, cut_end_credit, end_credit_of, find_dateline, find_notice, find_wire


@pytest.mark.parametrize(
    ("line", "agency", "place", "rest"),
    [
        ("Aug. 4 (UPI) -- A ship", "UPI", "Aug. 4", "A ship"),
        ("SEOUL, Oct. 3 (Yonhap) -- A ship", "Yonhap", "SEOUL, Oct. 3", "A ship"),
        ("MOSCOW (AFP) – A ship", "AFP", "MOSCOW", "A ship"),
        ("WASHINGTON, Aug 3 (Reuters) - A ship", "Reuters", "WASHINGTON, Aug 3", "A ship"),
        ("SEOUL/TOKYO (Reuters) - A ship", "Reuters", "SEOUL/TOKYO", "A ship"),
        ("UNITED NATIONS (AP) — A ship", "AP", "UNITED NATIONS", "A ship"),
        ("SEOUL, South Korea (AP) — A ship", "AP", "SEOUL, South Korea", "A ship"),
        ("PANMUNJOM, April 27 (Joint Press Corps-Yonhap) -- A ship", "Yonhap", "PANMUNJOM, April 27", "A ship"),
        ("BEIJING, Aug. 3 (Xinhua) -- A ship", "Xinhua", "BEIJING, Aug. 3", "A ship"),
        ("New Delhi [India], Aug 3 (ANI): A ship", "ANI", "New Delhi", "A ship"),
        ("Berlin (dpa) - A ship", "dpa", "Berlin", "A ship"),
        ("Seúl, 3 ago (EFE).- Un barco", "EFE", "Seúl, 3 ago", "Un barco"),
        ("TOKYO, Kyodo - A ship", "Kyodo", "TOKYO", "A ship"),
        ("TOKYO, Aug. 3, Kyodo -- A ship", "Kyodo", "TOKYO, Aug. 3", "A ship"),
        ("MOSCOW, August 3. /TASS/. A ship", "TASS", "MOSCOW, August 3", "A ship"),
        ("МОСКВА, 3 августа. /ТАСС/. Судно", "TASS", "МОСКВА, 3 августа", "Судно"),
        ("МОСКВА, 4 авг — РИА Новости. Судно", "RIA", "МОСКВА, 4 авг", "Судно"),
        ("Москва. 3 августа. INTERFAX.RU - Судно", "Interfax", "Москва. 3 августа", "Судно"),
        ("MOSCOW. Aug 3 (Interfax) - A ship", "Interfax", "MOSCOW. Aug 3", "A ship"),
        ("PYONGYANG, September 24 (KCNA) -- A ship", "KCNA", "PYONGYANG, September 24", "A ship"),
        ("(서울=연합뉴스) 김가람 기자 = 선박이", "Yonhap", "서울", "선박이"),
        ("【ソウル共同】船が", "Kyodo", "ソウル", "船が"),
        ("[ソウル　３日　ロイター] - 船が", "Reuters", "ソウル　３日", "船が"),
        ("新华社北京8月4日电（记者王某）一艘船", "Xinhua", "北京", "一艘船"),
        ("韩联社首尔8月3日电 一艘船", "Yonhap", "首尔", "一艘船"),
        ("AFP - A ship", "AFP", "", "A ship"),
        ("RIJEKA -- A ship", "", "RIJEKA", "A ship"),
        ("VLADIVOSTOK, Russia—A ship", "", "VLADIVOSTOK, Russia", "A ship"),
        ("UNITED NATIONS: A ship", "", "UNITED NATIONS", "A ship"),
        ("BERLIN. A ship", "", "BERLIN", "A ship"),
    ],
)
def test_datelines(line, agency, place, rest):
    found = find_dateline(line)
    assert found is not None
    assert (found.agency, found.place, line[found.end :]) == (agency, place, rest)


@pytest.mark.parametrize(
    "line",
    [
        "Reuters reported on Monday that a ship had been seen.",
        "He told AFP. The ship was gone.",
        "In Seoul, Reuters. And in Tokyo nobody.",
        "The minister (AFP) - said so.",
        "The alliance met. NATO — which has no say — was silent.",
        "EXCLUSIVE: A ship was seen.",
        "A report (Reuters): a ship",
        "North Korea's Kim — in a rare speech — spoke.",
        "",
    ],
)
def test_what_is_no_dateline(line):
    assert find_dateline(line) is None


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        ("By Ada Writer, Reuters", "Reuters"),
        ("By Ada Writer | AP April 1 at 11:17 AM", "AP"),
        ("Agence France-Presse", "AFP"),
        ("By Reuters Staff", "Reuters"),
        ("The Associated Press", "AP"),
        ("By ADA WRITER, Associated Press Writer", "AP"),
        ("Ada Writer of Yonhap News Agency", "Yonhap"),
        ("By Ani Kim", ""),
        ("told AFP", ""),
        ("Reuters reported on Monday", ""),
        ("By Ada Writer", ""),
    ],
)
def test_bylines(line, agency):
    assert credit_of(line) == agency


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        ("© 2018 AFP", "AFP"),
        ("Copyright 2016 The Associated Press. All rights reserved.", "AP"),
        ("(With inputs from ANI)", "ANI"),
        ("The owner was silent. (With Reuters)", "Reuters"),
        ("The owner was silent. (Kyodo, Harbour Today)", "Kyodo"),
        ("The owner was silent. (AFP)", "AFP"),
        ("Source: AFP/jt", "AFP"),
        ("(Reporting by A. One in Seoul; Editing by B. Two)", "Reuters"),
        ("Associated Press writers A. One in Seoul and B. Two in Tokyo contributed to this report.", "AP"),
        ("<저작권자(c) 연합뉴스, 무단 전재-재배포 금지>", "Yonhap"),
        ("The Associated Press contributed to this report.", ""),
        ("He named the Korean Central News Agency (KCNA).", ""),
        ("A ship in the port of Nampo (AP Photo/A. One)", ""),
        ("(With agency inputs)", ""),
        ("© 2024 Harbour Today", ""),
        ("The statement was carried by KCNA.", ""),
    ],
)
def test_end_lines(line, agency):
    assert end_credit_of(line) == agency


def test_an_end_credit_is_cut_off():
    assert cut_end_credit("The owner was silent. (With Reuters)") == ("The owner was silent.", "(With Reuters)")
    assert cut_end_credit("It was the agency (KCNA).") == ("It was the agency (KCNA).", "")


@pytest.mark.parametrize(
    ("told", "agency", "seen_in"),
    [
        ({"byline": "Ada Writer, Reuters"}, "Reuters", "byline"),
        ({"title": "Ship seen off Nampo (AFP)"}, "AFP", "byline"),
        ({"organisations": ["Ada Writer", "AFP"]}, "AFP", "json_ld"),
        ({"feed_credit": "Yonhap"}, "Yonhap", "feed"),
        ({"feed_credit": "A. One/Reuters photo"}, None, None),
        ({"publisher": "Yonhap News Agency"}, "Yonhap", "page"),
        ({"publisher": "Paper", "url": "https://en.yna.co.kr/view/1"}, "Yonhap", "page"),
        ({"publisher": "KCNA Mirror"}, None, None),
        ({"publisher": "Paper", "url": "https://notupi.com/x"}, None, None),
        ({}, None, None),
    ],
)
def test_the_other_places_of_a_credit(told, agency, seen_in):
    found = find_wire(["A ship was seen, Reuters reported.", "Nobody said more."], **told)
    assert (found and found.agency, found and found.seen_in) == (agency, seen_in)


def test_a_dateline_outweighs_the_publisher():
    found = find_wire(["SEOUL (AP) — A ship was seen."], publisher="Reuters")
    assert found is not None
    assert (found.agency, found.seen_in, found.place) == ("AP", "dateline", "SEOUL")


@pytest.mark.parametrize(
    ("title", "head", "kind"),
    [
        ("UPDATE 2-Ship held", [], "update"),
        ("(LEAD) Ship held", [], "update"),
        ("(3rd LD) Ship held", [], "update"),
        ("1st Ld-Writethru: Ship held", [], "writethru"),
        ("CORRECTED-Ship held", [], "correction"),
        ("CORRECTED: Ship held", [], "correction"),
        ("Ship held", ["(Corrects the ship's name in paragraph 2)"], "correction"),
        ("Ship held", ["(Eds: corrects name)"], "correction"),
        ("Ship held", ["Correction: An earlier version of this article named another ship."], "correction"),
        ("Ship held", ["(ATTN: UPDATES throughout; RECASTS headline)"], "update"),
        ("Ship held", ["(Adds quotes, background)"], "update"),
        ("REFILE-Ship held", [], "refile"),
        ("Ship held", ["(This story has been refiled to fix a word in paragraph 4)"], "refile"),
        ("KILL: Ship held", [], "kill"),
        ("Ship held", ["ATTENTION EDITORS: MANDATORY KILL"], "kill"),
        ("ADVISORY-Ship held is withdrawn", [], "kill"),
        ("EMBARGOED until 6 p.m.: Ship held", [], "embargo"),
        ("Kill switch found on ship", [], None),
        ("Embargo on arms upheld", [], None),
        ("Updated rules for ships", [], None),
        ("Corrections officers strike", [], None),
        ("Ship held", ["Adds pressure on Seoul, analysts said."], None),
        ("Leading a fleet", ["The company updates its list."], None),
    ],
)
def test_notices(title, head, kind):
    found = find_notice(title, head)
    assert (found and found.kind) == kind


@pytest.mark.parametrize(
    ("line", "agency", "rest"),
    [
        ("Patna (Bihar) [India], July 11 (ANI): Rain fell.", "ANI", "Rain fell."),
        ("中新社惠灵顿9月15日电 一个岛国", "", "一个岛国"),
        ("Berlin, 3. Aug (dpa) - Es regnet.", "dpa", "Es regnet."),
    ],
)
def test_datelines_seen_on_pages(line, agency, rest):
    found = find_dateline(line)
    assert found is not None
    assert (found.agency, line[found.end :]) == (agency, rest)


def test_a_house_dateline_is_not_cut_in_its_date():
    assert find_dateline("PYONGYANG, Aug. 3 (KCNA-Yonhap) The state media said") is None


@pytest.mark.parametrize("line", ["Quelle: dpa", "mit Material von dpa", "(avec AFP)", "Fuente: EFE"])
def test_end_lines_in_other_languages(line):
    assert end_credit_of(line)


@pytest.mark.parametrize(
    "line",
    [
        "Reuters reported on Monday that two lenders had asked for early repayment.",
        "The upstream government told AFP last week that it would go on.",
        "A wire fence now surrounds the works.",
        "The Associated Press and Reuters were refused entry to the meeting.",
        "Der Minister sagte der dpa am Montag, es werde verhandelt.",
    ],
)
def test_quoting_an_agency_is_no_credit(line):
    assert (find_dateline(line), credit_of(line), end_credit_of(line), cut_end_credit(line)[1]) == (None, "", "", "")
