"""Forty days of news, written by hand: what each article says, and which mails it must raise.

Companies, ships and people that are accused here are invented. Each row: (why, article, kinds of alert).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.unit.assess.scene import START, Said, Scene, day, facts, work

PERMITS, VENTURES = "labour.new_permits", "jv.operate"
STS, FUEL, CRUDE = "sea.sts", "oil.refined_cap", "oil.crude_cap"
COAL, CYBER, TESTS = "export.coal_iron", "fin.cyber", "wmd.test"
ARMS, ABUSE, LUXURY, BANKS, IT = "arms.export", "dipl.abuse", "import.luxury", "fin.banks", "labour.it_workers"


def on(number: int) -> date:
    return (START + timedelta(days=number)).date()


WSJ, RECORDS = "publisher:Wall Street Journal", "document:interior ministry records"
PANEL = ["organisation:UN Panel of Experts", "document:the panel's midterm report"]
JCS = ["government:South Korea's Joint Chiefs of Staff"]
TOKYO = ["government:Japanese Foreign Ministry", "document:photographs"]

ledger_one = work(
    "ledger-1", 0.2, [Said("RU", PERMITS, [WSJ, RECORDS], "documented", ["10,000 workers", "700 permits"])], publisher="WSJ"
)
coal_wire = work(
    "coal-wire", 5, [Said("company:Dalian Haiyun Trading Co., Ltd./CN", COAL, ["official:Lee Min-su, customs"], numbers=["9,000 tonnes"])],
    publisher="Yonhap", agency="Yonhap", story="coal",
)  # fmt: skip
hack = work(
    "hack",
    8,
    [Said("KP", CYBER, ["organisation:Chainalysis"], numbers=["$40 million"], with_=["company:Kumo Exchange/JP"], on=on(6))],
)
kill_me = work(
    "kill-me",
    20,
    [Said("NA", "export.statues", ["unnamed:two officials"], place="Windhoek")],
    publisher="AFP",
    agency="AFP",
    story="statue",
)
wrong = work(
    "wrong",
    22,
    [Said("CN", FUEL, ["organisation:C4ADS"], numbers=["700 tonnes"])],
    publisher="Reuters",
    agency="Reuters",
    story="fuel-cn",
)
fine = work(
    "fine",
    30,
    [Said("company:Sakura Kisen/JP", LUXURY, ["official:Kobe customs"], numbers=["40 cars"])],
    publisher="Kyodo",
    agency="Kyodo",
    story="cars",
)

STEPS = [
    # -- one newspaper's report, and who retells it
    ("the report itself", ledger_one, ["NEW"]),
    ("retold, credited to the same newspaper", work("retold-1", 0.5, [Said("RU", PERMITS, [WSJ], numbers=["ten thousand labourers"])]), []),
    ("retold without saying from whom", work("retold-2", 0.6, [Said("RU", PERMITS, [], numbers=["more than 10,000 guest workers"])]), []),
    ("a reprint of the report", work("copy-1", 0.7, [Said("RU", PERMITS, [WSJ, RECORDS], "documented", ["10,000 workers", "700 permits"])], story="ledger-1", relation="copy"), []),
    ("a cut reprint", work("copy-2", 0.8, [Said("RU", PERMITS, [WSJ], numbers=["10,000 workers"])], story="ledger-1", relation="cut"), []),
    ("an ambassador comments on the reports", work("haley", 1, [Said("RU", PERMITS, ["official:Nikki Haley", WSJ + "?"])]), ["UPDATE"]),
    ("she says it again", work("haley-2", 2, [Said("RU", PERMITS, ["official:US Ambassador Haley", WSJ + "?"])]), []),
    ("for review only: no mail", work("review-1", 2.1, [Said("RU", PERMITS, ["official:Somebody Else"], status="review")]), []),
    ("the accused denies", work("denial-1", 2.5, [Said("RU", PERMITS, ["official:Kremlin spokesman!"], "denied")]), ["DENIAL"]),
    ("and denies again, by another voice", work("denial-2", 3, [Said("RU", PERMITS, ["government:Russian foreign ministry!"], "denied")]), []),
    ("the denial, retold with the report", work("denial-3", 3.1, [Said("RU", PERMITS, [WSJ]), Said("RU", PERMITS, ["official:Kremlin spokesman!"], "denied")]), []),
    ("another conduct of the same accused", work("ventures", 3.5, [Said("RU", VENTURES, [WSJ, RECORDS], "documented")]), ["NEW"]),
    ("a second root: the panel's own finding", work("panel-1", 4, [Said("RU", PERMITS, PANEL, "documented", ["10,300 workers"])]), ["UPDATE"]),
    ("another paper on the same panel report", work("panel-2", 4.2, [Said("RU", PERMITS, ["publisher:Kyodo", "document:a UN report"], "documented")]), []),
    ("a new figure from the newspaper", work("ledger-2", 4.5, [Said("RU", PERMITS, [WSJ], numbers=["950 permits"])], publisher="WSJ"), ["UPDATE"]),
    # -- a company and its coal
    ("a company is named", coal_wire, ["NEW"]),
    ("credited reprint", work("coal-copy", 5.1, [Said("company:Dalian Haiyun Trading/CN", COAL, ["official:Lee Min-su, customs"], numbers=["9,000 tonnes"])], agency="Yonhap", story="coal", relation="headline_changed"), []),
    ("reprint with an intro of the house that brings the ship", work("coal-intro", 5.2, [Said("company:Dalian Haiyun Trading/CN", COAL, ["official:Lee Min-su"], with_=["vessel:Bright Ocean 7/KP"])], agency="Yonhap", story="coal", relation="house_intro"), ["UPDATE"]),
    ("reprint that swaps the speaker's title only", work("coal-edited", 5.3, [Said("company:Dalian Haiyun Trading/CN", COAL, ["official:a customs chief named Lee"], "documented")], agency="Yonhap", story="coal", relation="edited"), []),
    ("the company denies", work("coal-denial", 6, [Said("company:Dalian Haiyun Trading Co/CN", COAL, ["person:Dalian Haiyun's lawyer!"], "denied")]), ["DENIAL"]),
    ("the state is blamed too: another accused", work("coal-state", 6.5, [Said("CN", COAL, ["official:Senator Gardner"])]), ["NEW"]),
    ("documents turn up for the company", work("coal-papers", 7, [Said("company:Dalian Haiyun Trading/CN", COAL, ["publisher:Chosun Ilbo", "document:bills of lading"], "documented", ["9,000 tons of coal"])]), ["UPDATE"]),
    # -- a theft
    ("a theft from an exchange", hack, ["NEW"]),
    ("the same theft, rounded and undated", work("hack-2", 8.4, [Said("KP", CYBER, ["organisation:Chainalysis"], numbers=["$40.2 million"], with_=["company:Kumo Exchange"])]), []),
    ("a police force finds the same", work("hack-3", 9, [Said("KP", CYBER, ["government:National Police Agency"], with_=["company:Kumo Exchange/JP"], on=on(7))]), ["UPDATE"]),
    ("another exchange: another theft", work("hack-4", 10, [Said("KP", CYBER, ["organisation:Chainalysis"], numbers=["$3 million"], with_=["company:Nami Coin/JP"], on=on(9))]), ["NEW"]),
    ("the exchange's loss told in yen is a new figure", work("hack-5", 10.5, [Said("KP", CYBER, ["organisation:Chainalysis"], numbers=["4.4 billion yen"], with_=["company:Kumo Exchange"], on=on(6))]), ["UPDATE"]),
    # -- launches
    ("a launch", work("launch-1", 11, [Said("KP", TESTS, JCS, numbers=["two missiles"], on=on(11), place="Wonsan")]), ["NEW"]),
    ("the same launch, told next day without a date", work("launch-1b", 12, [Said("KP", TESTS, JCS, numbers=["2 missiles"])]), []),
    ("a second government measures it", work("launch-1c", 12.2, [Said("KP", TESTS, ["government:Japanese Defense Ministry"], on=on(11))]), ["UPDATE"]),
    ("a second launch is a second allegation", work("launch-2", 15, [Said("KP", TESTS, JCS, numbers=["one missile"], on=on(15), place="Sinpo")]), ["NEW"]),
    ("looking back on both: nothing", work("launch-both", 16, [Said("KP", TESTS, JCS, on=on(11)), Said("KP", TESTS, JCS, on=on(15))]), []),
    # -- ships
    ("a named ship", work("ship-1", 13, [Said("vessel:Paek Un 3/KP", STS, TOKYO, "documented", with_=["vessel:Xin Hai 21"], on=on(12), place="East China Sea")]), ["NEW"]),
    ("the same transfer, the ship's name with a prefix", work("ship-1b", 13.3, [Said("vessel:M/V Paek Un 3/KP", STS, ["government:Japan's Foreign Ministry"], on=on(12))]), []),
    ("its owner is found", work("ship-owner", 14, [Said(["vessel:Paek Un 3/KP", "company:Ryugong Shipping/KP"], STS, ["publisher:NK News"], on=on(12))]), ["UPDATE"]),
    ("the owner told alone, of the known ship", work("ship-owner-2", 14.5, [Said("company:Ryugong Shipping/KP", STS, ["publisher:NK News"], with_=["vessel:Paek Un 3/KP"])]), []),
    ("another ship splits", work("ship-2", 14.6, [Said("vessel:Sam Ma 9/KP", STS, TOKYO, "documented", on=on(13))]), ["NEW"]),
    ("the first ship again, two weeks later", work("ship-3", 27, [Said("vessel:Paek Un 3/KP", STS, TOKYO, "documented", with_=["vessel:Jin Yuan"], on=on(26))]), ["NEW"]),
    ("the state, generally, over the cap", work("cap-1", 16, [Said("KP", FUEL, ["government:US State Department"], numbers=["89 port calls"])]), ["NEW"]),
    ("crude is told as oil: the same", work("cap-2", 17, [Said("KP", CRUDE, ["government:State Department"])]), []),
    # -- a denial of what nobody has alleged
    ("a denial of the unknown", work("denial-x", 17.5, [Said("SY", ABUSE, ["official:Syrian envoy!"], "denied")]), []),
    ("claim and denial together are one new thing", work("arms-1", 18, [Said("KP", ARMS, PANEL, "documented", with_=["SY"], numbers=["40 shipments"]), Said("KP", ARMS, ["official:Pyongyang's envoy!"], "denied", with_=["SY"])]), ["NEW"]),
    ("another buyer: another deal", work("arms-2", 19, [Said("KP", ARMS, ["publisher:Reuters", "unnamed:diplomats"], with_=["IR"])]), ["NEW"]),
    ("the buyer's first deal retold", work("arms-1b", 19.5, [Said("KP", ARMS, ["organisation:UN experts"], with_=["SY"])]), []),
    # -- a dispatch that is killed
    ("a dispatch", kill_me, ["NEW"]),
    ("its reprint", work("kill-copy", 20.2, [Said("NA", "export.statues", ["unnamed:two officials"], place="Windhoek")], agency="AFP", story="statue", relation="copy"), []),
    ("the agency kills it", work("kill-note", 20.6, publisher="AFP", agency="AFP", story="statue", relation="kill_of", related="kill-me", notice="kill", previous=kill_me), ["CORRECTION"]),
    ("a second kill note", work("kill-note-2", 20.7, agency="AFP", story="statue", relation="kill_of", related="kill-me", notice="kill", previous=kill_me), []),
    ("a late reprint of what was killed", work("kill-late", 21, [Said("NA", "export.statues", ["unnamed:two officials"], place="Windhoek")], agency="AFP", story="statue", relation="cut"), []),
    # -- a dispatch that is corrected
    ("a figure that is wrong", wrong, ["NEW"]),
    ("the correction", work("right", 22.5, [Said("CN", FUEL, ["organisation:C4ADS"], numbers=["70 tonnes"])], publisher="Reuters", agency="Reuters", story="fuel-cn", relation="correction_of", related="wrong", notice="correction", previous=wrong), ["CORRECTION"]),
    ("a late reprint of the wrong figure", work("wrong-late", 22.8, [Said("CN", FUEL, ["organisation:C4ADS"], numbers=["700 tonnes"])], agency="Reuters", story="fuel-cn", relation="copy"), []),
    ("the correction, reprinted", work("right-copy", 23, [Said("CN", FUEL, ["organisation:C4ADS"], numbers=["70 tonnes"])], agency="Reuters", story="fuel-cn", relation="copy"), []),
    # -- an accuser takes it back
    ("a researcher accuses a bank", work("bank-1", 24, [Said("bank:Sungari Bank/CN", BANKS, ["organisation:RUSI"])]), ["NEW"]),
    ("and withdraws", work("bank-2", 26, [Said("bank:Sungari Bank/CN", BANKS, ["organisation:RUSI"], "withdrawn")]), ["CORRECTION"]),
    ("the withdrawal, retold", work("bank-3", 26.5, [Said("bank:Sungari Bank/CN", BANKS, ["organisation:RUSI"], "withdrawn")]), []),
    ("somebody else says it again, with papers", work("bank-4", 28, [Said("bank:Sungari Bank/CN", BANKS, ["government:US Treasury", "document:wire records"], "documented")]), ["UPDATE"]),
    # -- embassies
    ("an embassy lets rooms", work("embassy-1", 25, [Said("KP", ABUSE, ["publisher:Der Bote"], place="Berlin")]), ["NEW"]),
    ("another embassy is another matter", work("embassy-2", 25.5, [Said("KP", ABUSE, ["publisher:Trud"], place="Sofia")]), ["NEW"]),
    # -- stronger words
    ("a customs office accuses", fine, ["NEW"]),
    ("a court fines", work("fine-2", 34, [Said("company:Sakura Kisen Co Ltd/JP", LUXURY, ["official:Kobe customs"], "confirmed")]), ["UPDATE"]),
    ("the fine, retold", work("fine-3", 34.5, [Said("company:Sakura Kisen/JP", LUXURY, ["official:Kobe customs"], "confirmed", ["forty cars"])]), []),
    # -- what never mails
    ("from the archive", work("old-1", 35, [Said("CN", LUXURY, ["official:Customs Bureau"])], backfill=True), []),
    ("its reprint, live", work("old-1-live", 35.5, [Said("CN", LUXURY, ["official:Customs Bureau"])]), []),
    ("its new figure, live", work("old-1-new", 36, [Said("CN", LUXURY, ["official:Customs Bureau"], numbers=["12 limousines"])]), ["UPDATE"]),
    ("processed again under new rules", work("again-1", 36.2, [Said("IR", ARMS, ["official:An envoy"])], reprocessed=True), []),
    ("before the rule was in force", work("early-1", 36.5, [Said("company:Orient Looms/CN", "export.textiles", ["publisher:Textile Trade"], rule_in_force=False)]), []),
    ("an announcement of no claim at all", work("vote", 37), []),
    ("two accused in one claim are two allegations", work("two", 38, [Said(["company:Alpen Sport/AT", "company:Huasheng Garments/CN"], "export.textiles", ["publisher:Der Bote"])]), ["NEW", "NEW"]),
    ("a day's news with an old launch as background", work("launch-3", 39, [Said("KP", TESTS, JCS, on=on(39)), Said("KP", TESTS, [], on=date(2017, 11, 29))]), ["NEW"]),
    ("three weeks' news in one article: one known, one new", work("mixed", 40, [Said("RU", PERMITS, [WSJ]), Said("CN", IT, ["government:FBI"])]), ["NEW"]),
]  # fmt: skip


def test_the_scenario_is_long_enough():
    assert len(STEPS) >= 60
    assert STEPS[-1][1].article.published_at - STEPS[0][1].article.published_at >= timedelta(days=39)


@pytest.fixture(scope="module")
def outcomes():
    scene = Scene()
    told = {}
    for _, article, _ in sorted(STEPS, key=lambda row: row[1].article.published_at):
        told[article.article.article_id] = scene.kinds(article)
    return told


@pytest.mark.parametrize(("why", "article", "expected"), STEPS, ids=[row[0] for row in STEPS])
def test_each_article_raises_what_it_must(outcomes, why, article, expected):
    assert outcomes[article.article.article_id] == sorted(expected)


def test_the_whole_scenario_again_raises_nothing():
    scene = Scene()
    ordered = [article for _, article, _ in sorted(STEPS, key=lambda row: row[1].article.published_at)]
    for article in ordered:
        scene.read(article)
    before = {key: (one.version, one.article_ids, one.publishers) for key, one in scene.ledger.items()}
    assert [(article.article.title, kinds) for article in ordered if (kinds := scene.kinds(article))] == []
    assert {key: (one.version, one.article_ids, one.publishers) for key, one in scene.ledger.items()} == before


# ---------------------------------------------------------------- longer spans than the scenario's


def test_an_episode_closes_after_ninety_days():
    scene = Scene()
    claim = Said("RU", PERMITS, ["publisher:Der Bote"])
    assert scene.kinds(work("a", 0, [claim])) == ["NEW"]
    assert scene.kinds(work("b", 60, [claim])) == []
    assert scene.kinds(work("c", 149, [claim])) == []  # 89 days after the last of the episode
    assert scene.kinds(work("d", 240, [claim])) == ["NEW"]
    assert len(scene.ledger) == 2


def test_a_text_that_tells_of_the_same_day_refers_back():
    scene = Scene()
    told = Said("KP", CYBER, ["government:FBI"], with_=["company:Kumo Exchange"], on=on(1))
    assert scene.kinds(work("a", 3, [told])) == ["NEW"]
    assert scene.kinds(work("b", 200, [told])) == []
    assert len(scene.ledger) == 1


def test_an_article_older_than_the_window_fills_the_ledger_without_a_mail():
    scene = Scene()
    [old] = scene.read(work("a", 0, [Said("RU", PERMITS, [WSJ])]), now=day(31))
    assert (old.novelty, old.may_alert) == ("NEW", False)
    assert any("more than 30 days ago" in reason for reason in old.reasons)
    [known] = scene.read(work("b", 30.9, [Said("RU", PERMITS, [WSJ])]), now=day(31))
    assert known.novelty == "NOTHING"


def test_the_window_is_the_settings():
    [old] = Scene().read(work("a", 0, [Said("RU", PERMITS, [WSJ])]), now=day(31), window_days=60)
    assert old.may_alert


def test_a_reprint_counts_and_never_raises_roots():
    scene = Scene()
    scene.read(work("a", 0, [Said("RU", PERMITS, [WSJ])], publisher="A", agency="UPI", story="s"))
    for number in range(13):
        copy = work(
            f"copy{number}", 0.1, [Said("RU", PERMITS, [WSJ])], publisher=f"P{number}", agency="UPI", story="s", relation="copy"
        )
        [made] = scene.read(copy)
        assert (made.novelty, made.allegation.version) == ("NOTHING", 1)
    assert (len(made.allegation.article_ids), len(made.allegation.publishers), made.allegation.roots) == (14, 14, ("WSJ",))


def test_a_correction_that_drops_the_claim_withdraws_the_allegation():
    scene = Scene()
    first = work("first", 0, [Said("CN", FUEL, ["publisher:Der Bote"])], story="s")
    scene.read(first)
    [made] = scene.read(work("first", 1, [], story="s", notice="correction", version=2, previous=first))
    assert (made.novelty, made.allegation.state) == ("CORRECTION", "withdrawn")


def test_a_correction_of_the_accused_corrects_one_allegation_and_makes_another():
    scene = Scene()
    first = work("first", 0, [Said("CN", FUEL, ["publisher:Der Bote"])], story="s")
    scene.read(first)
    right = work("first", 1, [Said("RU", FUEL, ["publisher:Der Bote"])], story="s", notice="correction", version=2, previous=first)
    assert scene.kinds(right) == ["CORRECTION", "NEW"]


def test_a_corrected_day_stays_one_allegation():
    scene = Scene()
    first = work("first", 10, [Said("KP", TESTS, JCS, on=on(9))], story="s")
    scene.read(first)
    right = work("first", 11, [Said("KP", TESTS, JCS, on=on(2))], story="s", notice="correction", version=2, previous=first)
    assert scene.kinds(right) == ["CORRECTION"]
    assert len(scene.ledger) == 1


def test_a_correction_of_a_spelling_is_nothing():
    scene = Scene()
    claim = Said("CN", FUEL, ["publisher:Der Bote"], numbers=["700 tonnes"])
    first = work("first", 0, [claim], story="s")
    scene.read(first)
    assert scene.kinds(work("first", 1, [claim], story="s", notice="correction", version=2, previous=first)) == []


def test_a_softened_correction_says_so():
    scene = Scene()
    first = work("first", 0, [Said("CN", FUEL, ["official:Customs"], "documented")], story="s")
    scene.read(first)
    soft = work(
        "first", 1, [Said("CN", FUEL, ["official:Customs"], "alleged")], story="s", notice="correction", version=2, previous=first
    )
    [made] = scene.read(soft)
    assert made.novelty == "CORRECTION"
    assert {fact.value for fact in made.new_facts} == {"now only alleged"}


def test_a_killed_dispatch_leaves_standing_what_others_said_too():
    scene = Scene()
    first = work("first", 0, [Said("CN", FUEL, ["publisher:Der Bote"])], story="s")
    scene.read(first)
    scene.read(work("other", 0.5, [Said("CN", FUEL, ["organisation:C4ADS"])]))
    [made] = scene.read(work("kill", 1, story="s", relation="kill_of", related="first", notice="kill", previous=first))
    assert (made.novelty, made.allegation.state) == ("CORRECTION", "open")


def test_a_plain_update_of_the_same_article_is_an_update():
    scene = Scene()
    first = work("first", 0, [Said("RU", PERMITS, [WSJ, RECORDS], numbers=["10,000 workers", "700 permits"])], story="s")
    scene.read(first)
    later = work(
        "first",
        8,
        [Said("RU", PERMITS, [WSJ, RECORDS], numbers=["12,000 workers", "950 permits"])],
        story="s",
        relation="update_of",
        version=2,
        previous=first,
    )
    assert scene.kinds(later) == ["UPDATE"]


def test_a_denial_within_fresh_news_is_an_update_and_a_denial_first_is_a_denial():
    claim, answer = Said("RU", PERMITS, PANEL, "documented"), Said("RU", PERMITS, ["official:Kremlin spokesman!"], "denied")
    for claims, kind in (([claim, answer], "UPDATE"), ([answer, claim], "DENIAL")):
        scene = Scene()
        scene.read(work("first", 0, [Said("RU", PERMITS, [WSJ])]))
        assert scene.kinds(work("second", 1, claims)) == [kind]


def test_a_general_denial_answers_whatever_was_alleged():
    scene = Scene()
    scene.read(work("first", 0, [Said("RU", PERMITS, [WSJ])]))
    [made] = scene.read(work("second", 1, [Said("RU", "state.noncompliance", ["official:Russian envoy!"], "denied")]))
    assert (made.novelty, made.allegation.conduct) == ("DENIAL", PERMITS)


def test_a_denial_goes_to_the_conduct_it_answers():
    scene = Scene()
    scene.read(work("first", 0, [Said("RU", PERMITS, [WSJ]), Said("RU", VENTURES, [WSJ])]))
    [made] = scene.read(work("second", 1, [Said("RU", VENTURES, ["official:Russian envoy!"], "denied")]))
    assert (made.novelty, made.allegation.conduct) == ("DENIAL", VENTURES)


def test_a_named_ship_splits_what_a_state_did():
    scene = Scene()
    first = Said("CN", COAL, ["government:US State Department"], with_=["vessel:Bright Ocean 7/KP"])
    second = Said("CN", COAL, ["organisation:C4ADS"], with_=["vessel:Eastern Glory 2/KP"])
    assert scene.kinds(work("a", 0, [first])) == ["NEW"]
    assert scene.kinds(work("b", 1, [second])) == ["NEW"]
    assert scene.kinds(work("c", 2, [Said("CN", COAL, ["organisation:C4ADS"])])) == []  # a plain retelling joins the last


def test_numbers_of_different_things_are_different_facts():
    scene = Scene()
    scene.read(work("a", 0, [Said("RU", PERMITS, [WSJ], numbers=["700 permits"])]))
    [made] = scene.read(work("b", 1, [Said("RU", PERMITS, [WSJ], numbers=["700 workers"])]))
    assert {fact.value for fact in made.new_facts} == {"700 workers"}


def test_who_commented_on_reports_before_is_no_root_now():
    scene = Scene()
    scene.read(work("a", 0, [Said("RU", PERMITS, [WSJ]), Said("RU", PERMITS, ["official:Haley", WSJ + "?"])]))
    [made] = scene.read(work("b", 1, [Said("RU", PERMITS, ["official:Haley"])]))
    assert (made.novelty, made.allegation.roots) == ("NOTHING", ("WSJ",))


# ---------------------------------------------------------------- what a reader sees through


@pytest.mark.parametrize(
    "by",
    [
        ["organisation:Washington newspaper"],
        ["publisher:a US daily"],
        ["unnamed:media reports"],
        ["unnamed:officials", "document:reports"],
        ["official:Russia's ambassador"],  # a state's own official does not accuse it
        ["publisher:The Wall Street Journal"],
        [],
    ],
)
def test_a_retelling_without_a_source_of_its_own_is_nothing_new(by):
    scene = Scene()
    scene.read(work("a", 0, [Said("RU", PERMITS, [WSJ, RECORDS], "documented")]))
    [made] = scene.read(work("b", 1, [Said("RU", PERMITS, by)]))
    assert (made.novelty, made.allegation.roots) == ("NOTHING", ("WSJ",))


def test_an_office_is_a_name():
    scene = Scene()
    scene.read(work("a", 0, [Said("RU", PERMITS, [WSJ])]))
    [made] = scene.read(work("b", 1, [Said("RU", PERMITS, ["unnamed:U.S. ambassador", "document:reports"])]))
    assert {fact.value for fact in made.new_facts} == {"U.S. ambassador"}
    assert made.allegation.roots == ("WSJ",)


def test_an_admission_is_the_states_own():
    scene = Scene()
    scene.read(work("a", 0, [Said("RU", PERMITS, [WSJ])]))
    [made] = scene.read(work("b", 1, [Said("RU", PERMITS, ["official:Russian labour minister"], "confirmed")]))
    assert (made.novelty, set(made.allegation.roots)) == ("UPDATE", {"WSJ", "Russian labour minister"})


def test_one_office_under_two_names_is_one_root():
    [made] = Scene().read(
        work(
            "a",
            0,
            [
                Said("company:Hanmi Fuel/KR", COAL, ["government:South Korea's customs service"]),
                Said("company:Hanmi Fuel/KR", COAL, ["organisation:Korea Customs Service"], with_=["KR"]),
            ],
        )
    )
    assert len(made.allegation.roots) == 1
    assert "party" not in {fact.kind for fact in made.new_facts}


def test_the_oil_and_the_mask_of_a_ship_are_its_transfer():
    scene = Scene()
    scene.read(work("a", 2, [Said("vessel:Jin Hye/KP", STS, ["government:Japan"], on=on(1))]))
    claims = [
        Said("vessel:Jin Hye/KP", FUEL, ["organisation:Windward"], numbers=["3,500 tonnes"], on=on(2)),
        Said("vessel:Jin Hye/KP", "sea.identity_fraud", ["organisation:Windward"]),
    ]
    assert scene.kinds(work("b", 4, claims)) == ["UPDATE"]
    assert scene.kinds(work("c", 30, [Said("vessel:Jin Hye/KP", FUEL, ["organisation:Windward"], on=on(28))])) == ["NEW"]
    assert len(scene.ledger) == 2


@pytest.mark.parametrize("conduct", ["evade.front", "sea.identity_fraud", "allowed.context"])
def test_a_mark_or_what_is_allowed_is_kept_and_mails_nothing(conduct):
    [made] = Scene().read(work("a", 0, [Said("company:Glow Trading/HK", conduct, [WSJ])]))
    assert (made.novelty, made.may_alert) == ("NEW", False)


def test_the_day_of_a_statement_is_not_the_day_of_the_deed():
    scene = Scene()
    scene.read(work("a", 0, [Said("RU", PERMITS, [WSJ])]))
    assert scene.kinds(work("b", 2, [Said("RU", PERMITS, [WSJ], on=on(1))])) == []
    assert scene.kinds(work("c", 3, [Said("RU", PERMITS, [WSJ], on=on(-60))])) == ["UPDATE"]


def test_a_publisher_with_papers_of_its_own_is_a_root_and_one_that_retells_them_is_not():
    scene = Scene()
    scene.read(work("a", 2, [Said("vessel:Jin Hye/KP", STS, ["government:Japan"], on=on(1))]))
    [made] = scene.read(
        work("b", 4, [Said("vessel:Jin Hye/KP", STS, ["document:AIS data"], "documented", on=on(1))], publisher="Strait Watch")
    )
    assert set(made.allegation.roots) == {"Japanese government", "Strait Watch"}
    [made] = scene.read(
        work("c", 5, [Said("vessel:Jin Hye/KP", STS, ["document:transponder data"], "documented", on=on(1))], publisher="Der Bote")
    )
    assert (made.novelty, len(made.allegation.roots)) == ("NOTHING", 2)


def test_a_charge_sheet_belongs_to_the_prosecutors_and_not_to_the_paper_that_read_it():
    claims = [
        Said("company:Marina Wines/SG", LUXURY, ["government:prosecutors"]),
        Said("company:Marina Wines/SG", LUXURY, ["document:the charge sheet"], "documented"),
    ]
    [made] = Scene().read(work("a", 0, claims))
    assert made.allegation.roots == ("prosecutors",)


def test_nobody_accuses_himself_but_by_an_admission():
    claim = Said("company:Cape Dispatch/ZA", LUXURY, ["document:papers"])
    assert Scene().read(work("a", 0, [claim], publisher="Cape Dispatch")) == []
    spoken = Said("company:Marina Wines/SG", LUXURY, ["organisation:Marina Wines"])
    assert Scene().read(work("b", 0, [spoken])) == []
    admitted = Said("company:Marina Wines/SG", LUXURY, ["organisation:Marina Wines"], "confirmed")
    assert Scene().kinds(work("c", 0, [admitted])) == ["NEW"]


def test_a_withdrawal_told_twice_in_one_article_is_one_fact():
    scene = Scene()
    scene.read(work("a", 0, [Said("RU", PERMITS, ["organisation:RUSI"])]))
    [made] = scene.read(work("b", 1, [Said("RU", PERMITS, ["organisation:RUSI"], "withdrawn")] * 2))
    assert (made.novelty, [fact.value for fact in made.new_facts]) == ("CORRECTION", ["taken back by RUSI"])


def test_the_only_root_that_grows_careful_is_softer_wording_once():
    scene = Scene()
    scene.read(work("a", 0, [Said("RU", PERMITS, ["organisation:Watch Group"])]))
    [made] = scene.read(work("b", 5, [Said("RU", PERMITS, ["organisation:Watch Group"], "conditional")]))
    assert (made.novelty, [fact.value for fact in made.new_facts]) == ("UPDATE", ["Watch Group now says it on a condition"])
    assert scene.kinds(work("c", 6, [Said("RU", PERMITS, ["organisation:Watch Group"], "conditional")])) == []


@pytest.mark.parametrize(
    ("name", "claims"),
    [
        ("somebody else's condition", [Said("RU", PERMITS, ["official:Pompeo", "publisher:Wall Street Journal?"], "conditional")]),
        ("a medium's", [Said("RU", PERMITS, [WSJ], "conditional")]),
        ("beside the firm charge", [Said("RU", PERMITS, [WSJ]), Said("RU", PERMITS, [WSJ], "conditional")]),
    ],
)
def test_a_condition_softens_nothing_where_the_root_stands_by_it(name, claims):
    scene = Scene()
    scene.read(work("a", 0, [Said("RU", PERMITS, [WSJ])]))
    [made] = scene.read(work("b", 1, claims))
    assert facts(made, "wording") == set(), name


def test_a_deed_of_years_ago_raises_nothing_when_it_is_first_told_and_one_of_last_year_does():
    theft = {"accused": "KP", "conduct": "fin.cyber", "by": ["unnamed:investigators"]}
    assert Scene().kinds(work("old", 0, [Said(**theft, on=on(-5.2 * 365))])) == []
    assert Scene().kinds(work("new", 0, [Said(**theft, on=on(-400))])) == ["NEW"]


def test_what_a_diplomat_carries_is_part_of_the_diplomats_deed():
    one = work("a", 0, [Said("KP", "dipl.abuse", ["government:customs"])])
    [deed] = one.claims
    gold = replace(deed, claim_id="gold", conduct="fin.gold")
    [made] = Scene().read(replace(one, claims=(deed, gold)))
    assert (made.allegation.conduct, set(made.claim_ids)) == ("dipl.abuse", {deed.claim_id, "gold"})
    alone = Scene().read(replace(one, claims=(gold,)))
    assert [made.allegation.conduct for made in alone] == ["fin.gold"]


def test_a_state_stands_for_its_body_but_not_one_body_for_another():
    scene = Scene()
    scene.read(work("a", 0, [Said("KP", "oil.refined_cap", ["government:Britain's mission to the United Nations"])]))
    assert scene.kinds(work("b", 1, [Said("KP", "oil.refined_cap", ["government:United Kingdom"])])) == []
    assert scene.kinds(work("c", 2, [Said("KP", "oil.refined_cap", ["government:British defence ministry"])])) == ["UPDATE"]


def test_the_name_of_the_root_is_no_document_of_it():
    scene = Scene()
    scene.read(work("a", 0, [Said("KP", "oil.refined_cap", ["organisation:Halden Institute"])]))
    [made] = scene.read(
        work("b", 1, [Said("KP", "oil.refined_cap", ["organisation:Halden Institute", "document:Halden Institute"])])
    )
    assert facts(made, "document") == set()


def test_the_goods_of_a_known_diplomats_case_are_no_case_of_their_own_and_those_of_another_week_are():
    scene = Scene()
    scene.read(work("a", 1, [Said("KP", "dipl.abuse", ["government:customs"], on=on(0))]))
    assert scene.kinds(work("b", 2, [Said("KP", "fin.gold", ["government:customs"], on=on(0))])) == []
    assert scene.kinds(work("c", 30, [Said("KP", "fin.gold", ["government:customs"], on=on(28))])) == ["NEW"]
