"""What a caller hands over."""

import pytest

from casewright.desks.retention.situation import OFFERS, Offer, OwnLimits, Situation
from casewright.domain.outreach import ContactHistory


def test_offers_ascend_and_know_their_level() -> None:
    assert [offer.level for offer in OFFERS] == [None, 0, 1, 2, 3]
    assert [Offer.of_level(offer.level) for offer in OFFERS] == list(OFFERS)


@pytest.mark.parametrize("level", [None, -1, 4, 99, True])
def test_a_level_that_does_not_exist_is_no_contact(level: int | None) -> None:
    assert Offer.of_level(level) is Offer.NONE


@pytest.mark.parametrize(
    ("limits", "is_reached"),
    [
        (OwnLimits(), False),
        (OwnLimits(contacts_7d=1), True),
        (OwnLimits(contacts_7d=2), False),
        (OwnLimits(contacts_7d=0), True),
        (OwnLimits(contacts_period=3), True),
        (OwnLimits(contacts_period=4), False),
        (OwnLimits(cooldown_days=6), True),
        (OwnLimits(cooldown_days=5), False),
    ],
)
def test_own_limits_are_reached_as_the_policys_are(limits: OwnLimits, is_reached: bool) -> None:
    history = ContactHistory(contacts=3, contacts_7d=1, days_since_contact=5)
    assert limits.is_reached(history) is is_reached


def test_an_own_cooldown_does_not_bind_who_was_never_contacted() -> None:
    assert not OwnLimits(cooldown_days=30).is_reached(ContactHistory())


def test_what_is_left_out_is_unknown() -> None:
    left_out = Situation()
    assert (left_out.consent, left_out.is_unsubscribed, left_out.channel, left_out.time_zone) == (None,) * 4
    assert (left_out.budget_left_minor, left_out.has_complaint_room) == (None, None)
