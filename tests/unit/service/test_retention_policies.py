"""What an operator named and cannot be read: no start, and no failing request in a process that runs."""

from pathlib import Path

import pytest

from casewright.domain.errors import ConfigurationError
from casewright.service import retention_policies
from casewright.service.retention_policies import check_policies, load_policies
from casewright.settings import Settings

NAMES = ("retention_policy", "retention_challenger", "retention_risk_model", "retention_acceptance_model")


def settings(tmp_path: Path, **named: Path) -> Settings:
    return Settings(home=tmp_path).model_copy(update=named)


@pytest.mark.parametrize("name", NAMES)
def test_a_service_is_told_at_its_start_which_setting_cannot_be_read(tmp_path: Path, name: str) -> None:
    pytest.importorskip("numpy")
    with pytest.raises(ConfigurationError, match=f"CASEWRIGHT_{name.upper()}: .*missing"):
        check_policies(settings(tmp_path, **{name: tmp_path / "missing"}))


@pytest.mark.parametrize("content", [b"", b"prose", b"PK\x03\x04 and no archive"])
def test_a_broken_policy_is_told_too(tmp_path: Path, content: bytes) -> None:
    pytest.importorskip("numpy")
    broken = tmp_path / "broken.npz"
    broken.write_bytes(content)
    with pytest.raises(ConfigurationError, match="CASEWRIGHT_RETENTION_POLICY"):
        check_policies(settings(tmp_path, retention_policy=broken))


def test_where_nothing_is_named_nothing_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention_policies, "find_spec", lambda _name: None)
    check_policies(settings(tmp_path))


def test_a_named_policy_without_numpy_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention_policies, "find_spec", lambda _name: None)
    with pytest.raises(ConfigurationError, match="pip install"):
        check_policies(settings(tmp_path, retention_policy=tmp_path / "policy.npz"))
    assert load_policies(settings(tmp_path)).missing == "extra_missing"


def test_a_running_process_goes_on_without_what_cannot_be_read(tmp_path: Path) -> None:
    pytest.importorskip("numpy")
    found = load_policies(settings(tmp_path, **dict.fromkeys(NAMES, tmp_path / "missing")))
    assert (found.champion, found.challenger, found.risk, found.acceptance) == (None,) * 4
    assert (found.missing, found.is_risk_unread) == ("policy_unusable", True)


def test_what_ships_serves_where_nothing_is_named(tmp_path: Path) -> None:
    pytest.importorskip("numpy")
    found = load_policies(settings(tmp_path))
    assert found.champion is not None
    assert found.risk is not None
    assert (found.missing, found.is_risk_unread, found.challenger) == (None, False, None)
