"""Batch: order, counts, and taking up a run at any place where it may have ended."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import pytest

from casewright.adapters.tables import Chunk, LineTable
from casewright.bootstrap import Application, build_application
from casewright.domain.errors import ConfigurationError
from casewright.service import batch
from casewright.service.batch import BatchPlan, open_table, run_batch
from casewright.service.batch_engine import ChunkOutcome, run_inline
from casewright.service.batch_progress import Progress, load_progress, progress_path, save_progress
from casewright.settings import Settings


class Killed(BaseException):
    """Stands for a kill: nothing after it runs."""


@pytest.fixture(scope="module")
def application() -> Application:
    return build_application(Settings(as_of=date(2026, 3, 1)))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "tickets.jsonl"
    lines = [
        "{broken"
        if number % 100 == 50
        else json.dumps({"ticket_id": f"T-{number}", "complaint": f"I sent {number} taka to a wrong number."})
        for number in range(1, 901)
    ]
    path.write_text("\n".join(lines), "utf-8")
    return path


def table_of(source: Path) -> LineTable:
    return LineTable(str(source), max_line_bytes=1 << 18)


def plan_in(folder: Path, name: str = "out.jsonl", *, is_resumed: bool = False) -> BatchPlan:
    return BatchPlan(folder / f"{name}.errors", folder / name, is_resumed, checkpoint_s=0)


def kill_after(chunks_done: int) -> object:
    def engine(application: Application, chunks: Iterable[Chunk]) -> Iterator[ChunkOutcome]:
        for number, outcome in enumerate(run_inline(application, chunks)):
            if number == chunks_done:
                raise Killed
            yield outcome

    return engine


def test_the_ending_of_the_name_says_how_a_table_is_read(source: Path, tmp_path: Path) -> None:
    assert open_table(str(source), max_line_bytes=10).total == source.stat().st_size
    assert open_table("-", max_line_bytes=10).total is None
    with pytest.raises(ConfigurationError, match="there is no such file"):
        open_table(str(tmp_path / "none.parquet"), max_line_bytes=10)


def test_verdicts_stand_in_the_order_of_the_input_and_bad_lines_aside(
    application: Application, source: Path, tmp_path: Path
) -> None:
    seen: list[Progress] = []
    plan = plan_in(tmp_path)
    progress = run_batch(application, table_of(source), plan, run_inline, seen.append)
    ids = [json.loads(line)["ticket_id"] for line in (tmp_path / "out.jsonl").read_bytes().splitlines()]
    assert ids == [f"T-{number}" for number in range(1, 901) if number % 100 != 50]
    bad = [json.loads(line)["line"] for line in plan.errors.read_bytes().splitlines()]
    assert bad == [50, 150, 250, 350, 450, 550, 650, 750, 850]
    assert (progress.counts["read"], progress.counts["decided"], progress.counts["refused"]) == (900, 891, 9)
    assert progress.is_finished
    assert [step.position.row for step in seen] == [200, 400, 600, 800, 900]


@pytest.mark.parametrize("chunks_done", [0, 1, 3, 4])
@pytest.mark.parametrize("torn", [b"", b'{"ticket_id": "half'])
def test_a_killed_run_is_taken_up_without_losing_or_doubling_a_line(
    application: Application, source: Path, tmp_path: Path, chunks_done: int, torn: bytes
) -> None:
    whole = plan_in(tmp_path, "whole.jsonl")
    run_batch(application, table_of(source), whole, run_inline)
    plan = plan_in(tmp_path)
    with pytest.raises(Killed):
        run_batch(application, table_of(source), plan, kill_after(chunks_done))  # type: ignore[arg-type]
    for path in (tmp_path / "out.jsonl", plan.errors):
        with path.open("ab") as handle:
            handle.write(torn)
    progress = run_batch(application, table_of(source), plan_in(tmp_path, is_resumed=True), run_inline)
    assert (tmp_path / "out.jsonl").read_bytes() == (tmp_path / "whole.jsonl").read_bytes()
    assert plan.errors.read_bytes() == whole.errors.read_bytes()
    assert progress.counts["read"] == 900
    assert progress.counts == load_progress(progress_path(tmp_path / "whole.jsonl")).counts  # type: ignore[union-attr]


def test_resuming_a_finished_run_changes_nothing(
    application: Application, source: Path, tmp_path: Path
) -> None:
    first = run_batch(application, table_of(source), plan_in(tmp_path), run_inline)
    written = (tmp_path / "out.jsonl").read_bytes()
    again = run_batch(application, table_of(source), plan_in(tmp_path, is_resumed=True), kill_after(0))  # type: ignore[arg-type]
    assert again == first
    assert (tmp_path / "out.jsonl").read_bytes() == written


def test_resuming_what_was_never_started_starts(
    application: Application, source: Path, tmp_path: Path
) -> None:
    progress = run_batch(application, table_of(source), plan_in(tmp_path, is_resumed=True), run_inline)
    assert progress.counts["read"] == 900


def test_without_resume_a_run_starts_over(application: Application, source: Path, tmp_path: Path) -> None:
    (tmp_path / "out.jsonl").write_bytes(b"old\n" * 100_000)
    with pytest.raises(Killed):
        run_batch(application, table_of(source), plan_in(tmp_path), kill_after(2))  # type: ignore[arg-type]
    run_batch(application, table_of(source), plan_in(tmp_path), run_inline)
    assert len((tmp_path / "out.jsonl").read_bytes().splitlines()) == 891


def test_another_input_or_ruleset_cannot_be_resumed(
    application: Application, source: Path, tmp_path: Path
) -> None:
    with pytest.raises(Killed):
        run_batch(application, table_of(source), plan_in(tmp_path), kill_after(2))  # type: ignore[arg-type]
    resumed = plan_in(tmp_path, is_resumed=True)
    path = progress_path(tmp_path / "out.jsonl")
    kept = load_progress(path)
    assert kept is not None
    save_progress(path, Progress(kept.fingerprint, "disputes@other", kept.position, kept.output_bytes))
    with pytest.raises(ConfigurationError, match="was decided by disputes@other"):
        run_batch(application, table_of(source), resumed, run_inline)
    source.write_bytes(source.read_bytes() + b"\n{}\n")
    with pytest.raises(ConfigurationError, match="is not the input that"):
        run_batch(application, table_of(source), resumed, run_inline)


def test_an_output_that_lost_lines_cannot_be_resumed(
    application: Application, source: Path, tmp_path: Path
) -> None:
    with pytest.raises(Killed):
        run_batch(application, table_of(source), plan_in(tmp_path), kill_after(2))  # type: ignore[arg-type]
    (tmp_path / "out.jsonl").write_bytes(b"")
    with pytest.raises(ConfigurationError, match="has 0 bytes where"):
        run_batch(application, table_of(source), plan_in(tmp_path, is_resumed=True), run_inline)


def test_files_must_differ_and_be_files(application: Application, source: Path, tmp_path: Path) -> None:
    table = table_of(source)
    for plan, reason in (
        (BatchPlan(tmp_path / "e", source), "three different files"),
        (BatchPlan(tmp_path / "o", tmp_path / "o"), "three different files"),
        (BatchPlan(tmp_path / "e", tmp_path), "no ordinary file"),
        (BatchPlan(tmp_path / "e", tmp_path / "none" / "o"), "make its folder first"),
        (BatchPlan(tmp_path / "e", is_resumed=True), "needs the --output"),
    ):
        with pytest.raises(ConfigurationError, match=reason):
            run_batch(application, table, plan, run_inline)
    assert len(source.read_bytes().splitlines()) == 900


def test_without_an_output_verdicts_are_printed(
    application: Application, source: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    run_batch(application, table_of(source), BatchPlan(tmp_path / "errors"), run_inline)
    assert len(capfdbinary.readouterr().out.splitlines()) == 891
    assert len((tmp_path / "errors").read_bytes().splitlines()) == 9


def test_parquet_output_appears_whole_and_its_work_file_goes(
    application: Application, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pyarrow.parquet as parquet

    def be_killed(plan: BatchPlan) -> None:
        raise Killed

    real = batch._write_parquet
    monkeypatch.setattr(batch, "_write_parquet", be_killed)
    with pytest.raises(Killed):
        run_batch(application, table_of(source), plan_in(tmp_path, "out.parquet"), run_inline)
    monkeypatch.setattr(batch, "_write_parquet", real)
    assert not (tmp_path / "out.parquet").exists()
    resumed = plan_in(tmp_path, "out.parquet", is_resumed=True)
    for engine in (run_inline, kill_after(0)):
        run_batch(application, table_of(source), resumed, engine)  # type: ignore[arg-type]
        assert parquet.read_table(tmp_path / "out.parquet").num_rows == 891
        assert not (tmp_path / "out.parquet.part.jsonl").exists()
    (tmp_path / "out.parquet").unlink()
    with pytest.raises(ConfigurationError, match="is gone"):
        run_batch(application, table_of(source), resumed, run_inline)
