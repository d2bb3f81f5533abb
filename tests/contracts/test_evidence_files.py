"""The contract of EvidenceFiles, run on SQLite and on PostgreSQL."""

import io
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from PIL import Image

from casewright.adapters.evidence import StoredEvidenceFiles
from casewright.adapters.store.engine import Database
from casewright.domain.errors import Unavailable
from casewright.ports.evidence import EvidenceFiles, KeptEvidence

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def draw(colour: int = 100, size: tuple[int, int] = (20, 10)) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, (colour, colour, colour)).save(target, "PNG")
    return target.getvalue()


@pytest.fixture
def files(database: Database, tmp_path: Path) -> StoredEvidenceFiles:
    return StoredEvidenceFiles(database, tmp_path / "home", "main")


def stored_paths(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "home").rglob("*") if path.is_file()]


def test_a_picture_is_kept_for_its_order(files: EvidenceFiles) -> None:
    kept = files.keep("ann", "o-1", draw(), at=AT)
    assert kept.reasons == ()
    assert kept.evidence is not None
    assert (kept.evidence.media_type, kept.evidence.width, kept.evidence.height) == ("image/png", 20, 10)
    assert (kept.evidence.customer_id, kept.evidence.order_id, kept.evidence.at) == ("ann", "o-1", AT)
    assert files.has_accepted("ann", "o-1")
    assert not files.has_accepted("ann", "o-2")
    assert not files.has_accepted("ben", "o-1")
    assert not files.was_reused("ann", "o-1")


def test_the_same_file_again_for_the_same_order_is_the_one_that_is_there(
    files: EvidenceFiles, tmp_path: Path
) -> None:
    first = files.keep("ann", "o-1", draw(), at=AT)
    again = files.keep("ann", "o-1", draw(), at=AT + timedelta(hours=1))
    assert again == first
    assert len(stored_paths(tmp_path)) == 1
    assert not files.was_reused("ann", "o-1")


@pytest.mark.parametrize(("customer", "order"), [("ann", "o-2"), ("ben", "o-3")])
def test_the_same_file_for_something_else_is_refused_and_remembered(
    files: EvidenceFiles, tmp_path: Path, customer: str, order: str
) -> None:
    files.keep("ann", "o-1", draw(), at=AT)
    for _ in range(2):
        assert files.keep(customer, order, draw(), at=AT) == KeptEvidence(None, ("evidence_reused",))
    assert not files.has_accepted(customer, order)
    assert files.was_reused(customer, order)
    assert files.has_accepted("ann", "o-1")
    assert not files.was_reused("ann", "o-1")
    assert len(stored_paths(tmp_path)) == 1


def test_what_is_no_picture_leaves_nothing(files: EvidenceFiles, tmp_path: Path) -> None:
    assert files.keep("ann", "o-1", b"not a picture", at=AT).reasons == ("evidence_not_a_picture",)
    assert not files.has_accepted("ann", "o-1")
    assert stored_paths(tmp_path) == []


def test_tenants_do_not_see_each_other(
    database: Database, files: StoredEvidenceFiles, tmp_path: Path
) -> None:
    other = StoredEvidenceFiles(database, tmp_path / "home", "other")
    kept = files.keep("ann", "o-1", draw(), at=AT).evidence
    assert kept is not None
    assert not other.has_accepted("ann", "o-1")
    assert other.read(kept.evidence_id) is None
    assert other.keep("ann", "o-1", draw(), at=AT).evidence is not None
    assert other.erase("ann") == 1
    assert files.has_accepted("ann", "o-1")
    assert files.read(kept.evidence_id) is not None


def test_files_have_names_of_their_own_and_are_their_owners_alone(
    files: StoredEvidenceFiles, tmp_path: Path
) -> None:
    files.keep("ann", "o-1", draw(1), at=AT)
    files.keep("ann", "o-1", draw(2), at=AT)
    paths = stored_paths(tmp_path)
    assert len(paths) == 2
    for path in paths:
        assert path.relative_to(tmp_path / "home").parts[0] == "evidence"
        assert path.name.startswith("evd_")
        assert path.suffix == ".jpg"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert path.read_bytes().startswith(b"\xff\xd8\xff")


def test_a_clean_copy_is_read_by_its_customer_and_by_staff_only(files: StoredEvidenceFiles) -> None:
    kept = files.keep("ann", "o-1", draw(), at=AT).evidence
    assert kept is not None
    clean = files.read(kept.evidence_id)
    assert clean is not None
    assert clean.startswith(b"\xff\xd8\xff")
    assert files.read(kept.evidence_id, customer_id="ann") == clean
    assert files.read(kept.evidence_id, customer_id="ben") is None
    assert files.read("../../etc/passwd") is None
    assert files.of_order("ann", "o-1") == (kept,)


def test_erasing_a_customer_destroys_files_and_rows(files: StoredEvidenceFiles, tmp_path: Path) -> None:
    files.keep("ann", "o-1", draw(1), at=AT)
    files.keep("ben", "o-2", draw(2), at=AT)
    files.keep("ann", "o-3", draw(2), at=AT)
    assert files.erase("ann") == 1
    assert not files.has_accepted("ann", "o-1")
    assert not files.was_reused("ann", "o-3")
    assert files.has_accepted("ben", "o-2")
    assert len(stored_paths(tmp_path)) == 1
    assert files.erase("ann") == 0


def test_files_that_no_row_names_are_swept(files: StoredEvidenceFiles, tmp_path: Path) -> None:
    kept = files.keep("ann", "o-1", draw(), at=AT).evidence
    assert kept is not None
    [path] = stored_paths(tmp_path)
    orphan = path.with_name("evd_" + "0" * 24 + ".jpg")
    foreign = path.with_name("notes.txt")
    for stray in (orphan, foreign):
        stray.write_bytes(b"left behind")
    past = datetime.now(UTC) + timedelta(hours=1)
    assert files.sweep(datetime.fromtimestamp(0, UTC)) == 0
    assert files.sweep(past) == 1
    assert not orphan.exists()
    assert foreign.exists()
    assert files.read(kept.evidence_id) is not None
    assert files.sweep(past) == 0


def test_of_many_who_send_one_picture_at_once_one_has_it_accepted(files: StoredEvidenceFiles) -> None:
    barrier, results = Barrier(8), {}
    content = draw(77)

    def send(number: int) -> None:
        barrier.wait(timeout=60)
        results[number] = files.keep(f"customer-{number}", f"o-{number}", content, at=AT)

    threads = [Thread(target=send, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    accepted = [number for number, kept in results.items() if kept.evidence is not None]
    assert len(results) == 8
    assert len(accepted) == 1
    assert sum(files.was_reused(f"customer-{number}", f"o-{number}") for number in range(8)) == 7


def test_a_folder_that_is_a_file_is_told(database: Database, tmp_path: Path) -> None:
    home = tmp_path / "file"
    home.write_text("no folder")
    with pytest.raises(Unavailable, match="cannot be written"):
        StoredEvidenceFiles(database, home, "main").keep("ann", "o-1", draw(), at=AT)


def test_a_row_without_its_file_is_read_as_nothing(files: StoredEvidenceFiles, tmp_path: Path) -> None:
    kept = files.keep("ann", "o-1", draw(), at=AT).evidence
    assert kept is not None
    for path in stored_paths(tmp_path):
        path.unlink()
    assert files.read(kept.evidence_id) is None
