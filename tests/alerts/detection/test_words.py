"""What a warning says of a place, and of a cluster: counts beside the places that they count."""

from datetime import date

from yuantou.alerts.detection.words import RISEN, TOGETHER, risen

SPAN = (date(2026, 11, 2), date(2026, 11, 22))


def test_of_one_place_its_own_count_is_told() -> None:
    told = risen(["凌源市"], "traffic", SPAN, 12, 2.5)
    assert (told["say"], told["with"]["place"]) == (RISEN, "凌源市")
    assert (told["with"]["observed"], told["with"]["expected"]) == ("12", "2.5")


def test_the_count_of_a_cluster_is_not_laid_at_one_places_door() -> None:
    told = risen(["凌源市", "喀左县", "建平县"], "traffic", SPAN, 57, 20)
    assert told["say"] == TOGETHER
    assert "place" not in told["with"]
    assert (told["with"]["names"], told["with"]["number"]) == ("凌源市、喀左县、建平县", 3)
