"""policy.lock: the SHA-256 of each released policy file, so that none changes unnoticed.

The lock is JSON: {"files": {name: hash}, "schema_version": 1}. A change to a policy is released by writing
the lock again (`casewright policy lint --write-lock`), so every change shows up in review as a change of
the lock.
"""

import hashlib
import json

from casewright.domain.errors import PolicyError
from casewright.policy.document import RulesetSource
from casewright.policy.parsing import LOCK_FILE, is_policy_file
from casewright.policy.problems import Problem

_SCHEMA_VERSION = 1
_REMEDY = "If the change is meant, run `casewright policy lint --write-lock`."


def build_lock(source: RulesetSource) -> str:
    """The text of the policy.lock that fits these files."""
    document = {"schema_version": _SCHEMA_VERSION, "files": _hashes(source)}
    return json.dumps(document, indent=2, sort_keys=True) + "\n"


def check_lock(source: RulesetSource) -> list[Problem]:
    """Every file that is not as it was released."""
    text = source.files.get(LOCK_FILE)
    if text is None:
        return [Problem("missing_lock", LOCK_FILE, "", "The policy has no policy.lock.", _REMEDY)]
    locked = _locked_files(text)
    if locked is None:
        return [Problem("bad_lock", LOCK_FILE, "", "policy.lock cannot be read.", _REMEDY)]
    problems: list[Problem] = []
    current = _hashes(source)
    for name in sorted(current.keys() | locked.keys()):
        if name not in current:
            message = f"{name} was released and is gone."
        elif name not in locked:
            message = f"{name} is not in policy.lock."
        elif current[name] != locked[name]:
            message = f"{name} is not the file that was released."
        else:
            continue
        problems.append(Problem("lock_mismatch", name, "", message, _REMEDY))
    return problems


def require_lock(source: RulesetSource) -> None:
    """For start-up: raise PolicyError where a file is not as it was released."""
    if problems := check_lock(source):
        listed = "; ".join(problem.message for problem in problems)
        raise PolicyError(f"The policy of {source.desk!r} is not the released one: {listed} {_REMEDY}")


def _hashes(source: RulesetSource) -> dict[str, str]:
    return {
        name: hashlib.sha256(text.encode("utf-8")).hexdigest()
        for name, text in sorted(source.files.items())
        if is_policy_file(name)
    }


def _locked_files(text: str) -> dict[str, str] | None:
    try:
        document = json.loads(text)
    except ValueError:
        return None
    files = document.get("files") if isinstance(document, dict) else None
    if not isinstance(files, dict) or document.get("schema_version") != _SCHEMA_VERSION:
        return None
    return {str(name): str(value) for name, value in files.items()}
