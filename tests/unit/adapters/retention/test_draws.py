"""Draws and arms: uniform, repeatable where they should be, and nobody's to choose."""

from statistics import fmean

from casewright.adapters.retention.draws import SeededDraws, SystemDraws, place_customer


def test_system_draws_lie_in_the_unit_interval_and_differ() -> None:
    draws = [SystemDraws()() for _ in range(2_000)]
    assert all(0 <= each < 1 for each in draws)
    assert len(set(draws)) == 2_000
    assert 0.45 < fmean(draws) < 0.55


def test_seeded_draws_are_the_same_again() -> None:
    one, two, other = SeededDraws(1), SeededDraws(1), SeededDraws(2)
    drawn = [one() for _ in range(5)]
    assert drawn == [two() for _ in range(5)]
    assert drawn != [other() for _ in range(5)]


def test_a_place_depends_on_key_tenant_and_customer() -> None:
    key = b"k" * 32
    place = place_customer(key, "main", "c1")
    assert place == place_customer(key, "main", "c1")
    assert (
        len(
            {
                place,
                place_customer(key, "main", "c2"),
                place_customer(key, "other", "c1"),
                place_customer(b"x" * 32, "main", "c1"),
            }
        )
        == 4
    )
    places = [place_customer(key, "main", f"c{number}") for number in range(2_000)]
    assert all(0 <= each < 1 for each in places)
    assert 0.45 < fmean(places) < 0.55
