"""What very many articles hold finds few of them, and the same ones however often it is asked."""

from tests.contract.samples import T0, article, fingerprints, minutes, placement

from sanctions_watch.adapters.frequent import FEW, FREQUENT


def test_of_a_frequent_fingerprint_only_the_newest_few_holders_are_candidates(warehouse, filled):
    everybody = [article(number, published_at=T0 + minutes(number)) for number in range(1, FREQUENT + 3)]
    filled.selected(*everybody, article(9001), article(9002))
    with warehouse.begin() as unit:
        for one in everybody:
            unit.save_placement(placement(one, story=f"story-{one.article_id}"), fingerprints(one, 1, 2))
        unit.save_placement(placement(article(9001), story="story-kin"), fingerprints(article(9001), 3, 4))
    for _ in range(2):  # the second look-up knows what the first has learned
        with warehouse.begin() as unit:
            found = unit.candidates(fingerprints(article(9002), 1, 2, 3, 4), 90, 50)
            expected = {article(9001).article_id, *(one.article_id for one in everybody[-FEW:])}
            assert {one.article.article_id for one in found} == expected
            assert {one.shared for one in found} == {2}
