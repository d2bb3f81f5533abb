"""For the fuzzer: a valid Idempotency-Key becomes a new one, because the same key for another request is refused."""

import re
import uuid
from typing import Any

import schemathesis

_VALID = re.compile(r"[!-~]{1,255}")


@schemathesis.hook
def before_call(_context: Any, case: Any, **_: Any) -> None:
    key = (case.headers or {}).get("Idempotency-Key")
    if isinstance(key, str) and _VALID.fullmatch(key):
        case.headers["Idempotency-Key"] = uuid.uuid4().hex
