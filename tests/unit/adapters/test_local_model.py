"""The local model: held to its schema, stopped when nobody waits, in service only if whole and promoted."""

import importlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, Field
from tiny_gguf import put_tiny_model

from casewright.adapters.gateway.engine import EngineRequest
from casewright.adapters.gateway.gateway import Gateway, GatewayLimits
from casewright.adapters.local_model import (
    LocalModel,
    build_local_provider,
    find_local_file,
    open_local_provider,
)
from casewright.bootstrap import build_text_model
from casewright.domain.case import Language
from casewright.domain.errors import ConfigurationError
from casewright.ports.text_model import AttemptOutcome, Message, Role
from casewright.settings import load_settings
from casewright.writing.prompts import TextField, choice_output, texts_output

ASK = (Message(Role.SYSTEM, "Write."), Message(Role.USER, "A case \ud800."))


class Texts(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    reply: str = Field(min_length=1, max_length=12)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    put_tiny_model(folder, "tiny", promoted="2026-06-01, for a test")
    put_tiny_model(folder, "raw")
    return folder


@pytest.fixture(scope="module")
def engine(home: Path) -> Iterator[LocalModel]:
    model = LocalModel(find_local_file(home, "tiny"), context_tokens=1024)
    model.load()
    yield model
    model.close()


def request(**changes: Any) -> EngineRequest:
    given: dict[str, Any] = {
        "messages": ASK,
        "output": Texts,
        "max_tokens": 120,
        "temperature": None,
        "is_over": lambda: False,
    }
    return EngineRequest(**(given | changes))


def test_what_it_writes_is_held_to_the_schema_lengths_included(engine: LocalModel) -> None:
    answer = engine.answer(request())
    assert answer.failure is None, answer
    assert Texts.model_validate_json(answer.text, strict=True)
    assert answer.version == engine.file.version
    assert answer.tokens_in
    assert answer.tokens_out
    assert engine.speed.tokens >= answer.tokens_out


def test_it_stops_in_the_middle_of_the_prompt_when_nobody_waits(engine: LocalModel) -> None:
    read_before = engine.speed.prompt_tokens
    looked: list[int] = []

    def is_over() -> bool:
        looked.append(1)
        return len(looked) > 1

    answer = engine.answer(request(messages=[Message(Role.USER, "word " * 150)], is_over=is_over))
    assert answer.failure is AttemptOutcome.TIMED_OUT
    assert engine.speed.prompt_tokens == read_before, "an answer that was given up is not measured"


def test_a_text_that_does_not_end_in_time_is_too_long(engine: LocalModel) -> None:
    assert engine.answer(request(max_tokens=3)).failure is AttemptOutcome.TOO_LONG


def test_a_prompt_that_is_longer_than_its_memory_is_refused(engine: LocalModel) -> None:
    answer = engine.answer(request(messages=[Message(Role.USER, "word " * 2_000)]))
    assert answer.failure in (AttemptOutcome.REFUSED, AttemptOutcome.TIMED_OUT)


def test_its_own_server_listens_where_only_this_user_may_go(engine: LocalModel) -> None:
    folder = engine._socket_folder
    assert folder is not None
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    ours = {
        os.readlink(f"/proc/self/fd/{name}")
        for name in os.listdir("/proc/self/fd")
        if os.path.islink(f"/proc/self/fd/{name}")
    }
    sockets = {link.split("[")[1].rstrip("]") for link in ours if link.startswith("socket:")}
    listening = [
        line.split() for line in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:] if " 0A " in line
    ]
    assert not [fields for fields in listening if fields[9] in sockets]


def test_behind_the_gateway_it_writes_english_and_chooses_nothing(home: Path) -> None:
    gateway = Gateway([open_local_provider(home, "tiny")], limits=GatewayLimits(deadline_s=60.0))
    english = texts_output((TextField("reply", "It.", 12, Language.EN),))
    written = gateway.write(ASK, english, prompt_version="t.v1")
    assert written.value is not None
    assert written.source == f"model:local/tiny@{find_local_file(home, 'tiny').version}"
    bangla = texts_output((TextField("reply", "It.", 12, Language.BN),))
    assert gateway.write(ASK, bangla, prompt_version="t.v1").value is None
    assert gateway.write(ASK, choice_output(("a", "b")), prompt_version="t.v1").value is None
    gateway.close()


def test_one_call_at_a_time_and_one_thread_by_default(home: Path) -> None:
    provider = build_local_provider(find_local_file(home, "tiny"))
    assert provider.max_in_flight == 1
    assert isinstance(provider.engine, LocalModel)
    assert provider.engine._threads == 1


def test_a_model_that_is_not_promoted_does_not_serve(home: Path) -> None:
    with pytest.raises(ConfigurationError, match="not promoted"):
        open_local_provider(home, "raw")


def test_a_file_that_is_not_as_it_was_made_is_not_used(tmp_path: Path) -> None:
    path = put_tiny_model(tmp_path, "tiny", promoted="yes")
    path.write_bytes(path.read_bytes()[:-4] + b"\0\0\0\1")
    with pytest.raises(ConfigurationError, match="damaged"):
        open_local_provider(tmp_path, "tiny")


@pytest.mark.parametrize("name", ["absent", "../tiny", ".", "..", "a/b"])
def test_a_model_that_is_not_there_is_told_with_where_to_look(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigurationError, match="casewright models list"):
        find_local_file(tmp_path, name)


def test_the_chain_of_the_settings_takes_a_local_model(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWRIGHT_TEXT_MODELS", "local:tiny,ollama:small")
    gateway = build_text_model(load_settings(home=home))
    assert isinstance(gateway, Gateway)
    assert [health.provider for health in gateway.health()] == ["ollama", "local"]


def test_without_the_extra_the_command_that_installs_it_is_named(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", refuse)
    with pytest.raises(ConfigurationError, match=r"pip install 'casewright\[local-llm\]'"):
        open_local_provider(home, "tiny")


def test_after_close_its_folder_is_gone(home: Path) -> None:
    model = LocalModel(find_local_file(home, "raw"), context_tokens=512)
    model.load()
    folder = model._socket_folder
    assert folder is not None
    assert folder.exists()
    model.close()
    assert not folder.exists()
