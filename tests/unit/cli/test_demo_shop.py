"""The shop's part of the demo: what it prints is what happened, and its ledger is whole."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from casewright.adapters.journal import checkpoints
from casewright.cli.demo_shop import show_shop_demo
from casewright.settings import load_settings


def test_ledger_is_sound_however_late_a_checkpoint_would_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "LONGEST_LAG_S", 60)
    shown = io.StringIO()
    assert show_shop_demo(Console(file=shown, width=200), load_settings(home=tmp_path))
    assert "verified: sound" in shown.getvalue()
