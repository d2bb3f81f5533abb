"""The local model: a GGUF file run in this process by `xllamacpp`, as an engine of the gateway.

Invariants: what it writes is held to the output's schema while it is written; it stops when nobody waits any
more, in the middle of the prompt too; it uses one thread unless told otherwise, because two that spin on a
busy machine are slower than one. It serves nobody else: the library's own server listens on a socket in a
folder that only this process's user may enter, behind a key that is drawn and forgotten.

A file is used only as its manifest has it, and in service only if it is promoted: a small model that was not
trained for this work invents.
"""

import importlib
import json
import shutil
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casewright.adapters.gateway.engine import EngineRequest
from casewright.adapters.gateway.providers import LOCAL_PRESET, Provider, ProviderKind
from casewright.adapters.gateway.wire import ANSWER_NAME, Answer, count, member, read_text
from casewright.adapters.ids import new_secret
from casewright.adapters.model_files import MANIFEST, Condition, models_folder, verify_folder
from casewright.domain.errors import ConfigurationError
from casewright.ports.text_model import AttemptOutcome, Role

INSTALL = "pip install 'casewright[local-llm]'"
PROMOTED = "promoted"
"""The member of a manifest that says when, and on what grounds, a model was let into service."""
CONTEXT_TOKENS = 4_096
_BATCH_TOKENS = 64
"""So few that it is asked several times a second whether anybody still waits."""
MAX_TOKENS = 256
"""Of an answer: what one thread writes within the usual deadline."""
_CACHE_MIB = 256
"""Memory for the beginnings of prompts, which all texts of a desk share: they are read once."""
_VERSION_DIGITS = 12


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A model's file, and which version it is: the first digits of its hash."""

    name: str
    path: Path
    version: str
    is_promoted: bool


@dataclass(slots=True)
class Speed:
    """What was written since the start, and how long the writing took."""

    tokens: int = 0
    milliseconds: float = 0.0
    prompt_tokens: int = 0
    prompt_milliseconds: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def add(self, timings: Any) -> None:
        """Take in what the library says of one answer."""
        with self.lock:
            self.tokens += int(member(timings, "predicted_n") or 0)
            self.milliseconds += float(member(timings, "predicted_ms") or 0.0)
            self.prompt_tokens += int(member(timings, "prompt_n") or 0)
            self.prompt_milliseconds += float(member(timings, "prompt_ms") or 0.0)


class LocalModel:
    """An `Engine`; loaded by the first who asks, or by `load`. Thread-safe."""

    def __init__(self, file: LocalFile, *, threads: int = 1, context_tokens: int = CONTEXT_TOKENS) -> None:
        self.file = file
        self.speed = Speed()
        self._threads = threads
        self._context_tokens = context_tokens
        self._gate = threading.Lock()
        self._server: Any = None
        self._socket_folder: Path | None = None

    def load(self) -> None:
        """Read the file into memory, if that has not been done. Raises RuntimeError where it is no model."""
        self._open()

    def answer(self, request: EngineRequest) -> Answer:
        """See `Engine.answer`."""
        server = self._open()
        pieces: list[str] = []
        ends: dict[str, Any] = {}

        def hear(event: Any) -> bool:
            choices = member(event, "choices")
            choice = choices[0] if isinstance(choices, list) and choices else None
            piece = member(member(choice, "delta"), "content")
            if isinstance(piece, str) and piece:
                pieces.append(piece)
            for name, value in (
                ("reason", member(choice, "finish_reason")),
                ("error", member(event, "error")),
            ):
                ends[name] = value or ends.get(name)
            for name in ("usage", "timings"):
                ends[name] = member(event, name) or ends.get(name)
            return request.is_over()

        refused = server.handle_chat_completions(self._build_request(request), hear)
        self.speed.add(ends.get("timings"))
        usage = ends.get("usage")
        tokens_in, tokens_out = count(usage, "prompt_tokens"), count(usage, "completion_tokens")
        text = read_text("".join(pieces))
        failure = None
        if ends.get("error") or member(refused, "error"):
            failure = AttemptOutcome.REFUSED
        elif ends.get("reason") == "length":
            failure = AttemptOutcome.TOO_LONG
        elif ends.get("reason") is None:
            failure = AttemptOutcome.TIMED_OUT
        elif isinstance(text, AttemptOutcome):
            failure = text
        written = "" if failure else str(text)
        return Answer(written, failure, tokens_in, tokens_out, self.file.version)

    def close(self) -> None:
        """Let go of the model; a call in flight ends first."""
        with self._gate:
            self._server = None
            if self._socket_folder is not None:
                shutil.rmtree(self._socket_folder, ignore_errors=True)
                self._socket_folder = None

    def _build_request(self, request: EngineRequest) -> Mapping[str, object]:
        turns = [
            {
                "role": "user" if message.role is Role.USER else "system",
                "content": message.content.encode("utf-8", "replace").decode("utf-8"),
            }
            for message in request.messages
        ]
        schema = json.loads(json.dumps(request.output.model_json_schema()))
        return {
            "messages": turns,
            "max_tokens": request.max_tokens,
            "temperature": request.temperature or 0.0,
            "seed": 1,
            "stream": True,
            "return_progress": True,
            "stream_options": {"include_usage": True},
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": ANSWER_NAME, "schema": schema},
            },
        }

    def _open(self) -> Any:
        with self._gate:
            if self._server is None:
                self._server = self._start()
            return self._server

    def _start(self) -> Any:
        library = import_library()
        self._socket_folder = Path(tempfile.mkdtemp(prefix="cwllm-"))
        settings = library.CommonParams()
        settings.model.path = str(self.file.path)
        settings.n_ctx = self._context_tokens
        settings.n_parallel = 1
        settings.n_batch = settings.n_ubatch = _BATCH_TOKENS
        settings.cache_ram_mib = _CACHE_MIB
        settings.n_gpu_layers = 0
        settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = self._threads
        settings.n_threads_http = 1
        settings.hostnames = [str(self._socket_folder / "server.sock")]
        settings.api_keys = [new_secret()]
        settings.ui = False
        settings.warmup = False
        settings.verbosity = -1
        server = library.Server(settings)
        # Its loop is under way once it has answered; a server that is let go before that never ends.
        server.handle_completions({"prompt": "A", "max_tokens": 1})
        return server


def import_library() -> Any:
    """The library. Raises ConfigurationError where the extra is not installed."""
    try:
        return importlib.import_module("xllamacpp")
    except ImportError:
        raise ConfigurationError(f"the local text model needs its extra; run: {INSTALL}") from None


def find_local_file(home: Path, name: str) -> LocalFile:
    """The file of a local model. Raises ConfigurationError where it is absent, or not as it was made."""
    folder = models_folder(home) / name
    is_plain = name == Path(name).name and not name.startswith(".")
    state = verify_folder(folder, name) if is_plain else None
    if state is None or state.condition is not Condition.READY:
        condition = "absent" if state is None else state.condition.value
        raise ConfigurationError(
            f"the local text model {name!r} is {condition}: {folder}; "
            "`casewright models list` shows what is there"
        )
    document = json.loads((folder / MANIFEST).read_text("utf-8"))
    found = {file: digest for file, digest in document["sha256"].items() if file.endswith(".gguf")}
    if len(found) != 1:
        raise ConfigurationError(f"{folder} holds {len(found)} GGUF files; a local model has one")
    ((file, digest),) = found.items()
    return LocalFile(name, folder / file, digest[:_VERSION_DIGITS], bool(document.get(PROMOTED)))


def build_local_provider(file: LocalFile, *, threads: int = 1, max_tokens: int = MAX_TOKENS) -> Provider:
    """A provider of the chain over a model's file. One call at a time: a second one would halve the first."""
    return Provider(
        name=LOCAL_PRESET,
        model=file.name,
        kind=ProviderKind.LOCAL,
        max_tokens=max_tokens,
        temperature=None,
        max_in_flight=1,
        engine=LocalModel(file, threads=threads),
    )


def open_local_provider(home: Path, name: str, *, threads: int = 1) -> Provider:
    """The same for service: the extra is there, the file is whole, and it is promoted.

    Raises ConfigurationError.
    """
    import_library()
    file = find_local_file(home, name)
    if not file.is_promoted:
        raise ConfigurationError(
            f"the local text model {name!r} is not promoted: untrained it invents, so it does not serve. "
            "`casewright bench local-model` measures what it would write"
        )
    return build_local_provider(file, threads=threads)
