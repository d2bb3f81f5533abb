"""policy.lock."""

import json

import pytest

from casewright.domain.errors import PolicyError
from casewright.policy.document import RulesetSource
from casewright.policy.locks import build_lock, check_lock, require_lock

FILES = {"policy.md": "text", "a.yaml": "a: 1", "HISTORY.md": "why"}
# printf text | sha256sum
TEXT_HASH = "982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1"


def with_lock(files: dict[str, str], lock: str | None = None) -> RulesetSource:
    return RulesetSource("d", {**files, "policy.lock": lock or build_lock(RulesetSource("d", FILES))})


def test_lock_holds_the_hash_of_each_policy_file() -> None:
    document = json.loads(build_lock(RulesetSource("d", FILES)))
    assert document["schema_version"] == 1
    assert sorted(document["files"]) == ["a.yaml", "policy.md"]
    assert document["files"]["policy.md"] == TEXT_HASH
    assert check_lock(with_lock(FILES)) == []


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({**FILES, "a.yaml": "a: 2"}, "a.yaml"),
        ({**FILES, "b.yaml": ""}, "b.yaml"),
        ({"policy.md": "text"}, "a.yaml"),
    ],
)
def test_changed_added_and_lost_files_are_found(files: dict[str, str], place: str) -> None:
    (problem,) = check_lock(with_lock(files))
    assert (problem.code, problem.file) == ("lock_mismatch", place)
    with pytest.raises(PolicyError, match=place):
        require_lock(with_lock(files))


@pytest.mark.parametrize("lock", ["{", "[]", "{}", '{"schema_version": 2, "files": {}}'])
def test_lock_that_cannot_be_read_is_found(lock: str) -> None:
    assert [problem.code for problem in check_lock(with_lock(FILES, lock))] == ["bad_lock"]


def test_start_up_passes_released_files_and_no_others() -> None:
    require_lock(with_lock(FILES))
    with pytest.raises(PolicyError, match=r"no policy\.lock"):
        require_lock(RulesetSource("d", FILES))
