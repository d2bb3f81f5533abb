"""Which status each error has, and that nothing from inside is shown."""

import pytest

from casewright.domain.errors import (
    CasewrightError,
    ConfigurationError,
    MalformedRequest,
    MeaninglessRequest,
    PolicyError,
    RetryableError,
    TooLarge,
    Unavailable,
)
from casewright.service.error_map import build_domain_error, status_of


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (MalformedRequest("x"), 400),
        (MeaninglessRequest("x"), 422),
        (TooLarge("x"), 413),
        (Unavailable("x"), 503),
        (RetryableError("x"), 503),
        (PolicyError("x"), 500),
        (ConfigurationError("x"), 500),
        (CasewrightError("x"), 500),
    ],
)
def test_each_error_has_its_status(error: CasewrightError, status: int) -> None:
    assert status_of(error) == status


def test_subclass_has_the_status_of_its_class() -> None:
    class Narrower(TooLarge):
        code = "narrower"

    assert status_of(Narrower("x")) == 413


def test_body_has_code_message_and_request_id() -> None:
    error = MalformedRequest("complaint is missing.", code="invalid_complaint")
    assert build_domain_error(error, "r-1") == (
        400,
        {"error": {"code": "invalid_complaint", "message": "complaint is missing.", "request_id": "r-1"}},
    )


def test_what_is_wrong_inside_is_not_described_outside() -> None:
    status, body = build_domain_error(PolicyError("row 7 of the secret table"), "r-1")
    assert status == 500
    assert "secret table" not in str(body)
    assert "r-1" in str(body)
