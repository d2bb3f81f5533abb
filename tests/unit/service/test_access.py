"""API keys: plain or hashed, and nothing else is accepted."""

import hashlib

import pytest

from casewright.service.access import KeyRing

KEY = "a-key-of-the-service"
HASHED = "sha256:" + hashlib.sha256(b"another-key-0123456").hexdigest()


def test_plain_and_hashed_keys_are_accepted_under_a_short_label() -> None:
    ring = KeyRing([KEY, HASHED])
    first, second = ring.find_label(KEY), ring.find_label("another-key-0123456")
    assert first is not None
    assert second is not None
    assert first != second
    assert first.startswith("key-")
    assert len(first) == 12


@pytest.mark.parametrize("presented", ["", "a-key", KEY + " ", KEY.upper(), HASHED, "ক", "\ud800"])
def test_anything_else_is_refused(presented: str) -> None:
    assert KeyRing([KEY, HASHED]).find_label(presented) is None


def test_ring_without_keys_accepts_nothing() -> None:
    assert not KeyRing([])
    assert KeyRing([]).find_label("") is None
