"""The rule for passwords: length, and none that is guessed first."""

import pytest

from casewright.domain.errors import MeaninglessRequest
from casewright.service.password_rule import check_password


@pytest.mark.parametrize(
    "password", ["four words make sense", "x7!kQ9 vw2Lm", "আমার চার শব্দ এখানে", "a b c d e f g h"]
)
def test_long_ones_of_any_script_are_good(password: str) -> None:
    check_password(password, "ana@example.com")


@pytest.mark.parametrize(
    "password",
    [
        "",
        "short",
        "x" * 11,
        "aaaaaaaaaaaaaaaa",
        "password1234",
        "Casewright2026!",
        "changeme-change-me",
        "q" * 1025,
    ],
)
def test_short_endless_and_guessed_ones_are_refused_and_not_repeated(password: str) -> None:
    with pytest.raises(MeaninglessRequest) as raised:
        check_password(password)
    assert raised.value.code == "weak_password"
    assert not password or password not in raised.value.message


def test_login_itself_is_no_password() -> None:
    with pytest.raises(MeaninglessRequest):
        check_password("Ana@Example.com1", "ana@example.com")
