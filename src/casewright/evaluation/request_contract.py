"""The contract of an answer over HTTP, as a judge that knows nothing of how the service is built.

Its lists are the published ones, written out. It says what is wrong with an answer, or that nothing is; which
verdict would be right, it does not know.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate

from casewright.evaluation.planted import stands_in

OK, MALFORMED, TOO_LARGE, MEANINGLESS = 200, 400, 413, 422
ANSWERED = frozenset({OK, MALFORMED, TOO_LARGE, MEANINGLESS})
FIELDS = (
    *("ticket_id", "relevant_transaction_id", "evidence_verdict", "case_type", "severity", "department"),
    *("agent_summary", "recommended_next_action", "customer_reply", "human_review_required", "confidence"),
    "reason_codes",
)
TEXTS = ("agent_summary", "recommended_next_action", "customer_reply")
ENUMS: Mapping[str, frozenset[str]] = {
    "evidence_verdict": frozenset({"consistent", "inconsistent", "insufficient_data"}),
    "case_type": frozenset(
        {
            *("wrong_transfer", "payment_failed", "refund_request", "duplicate_payment"),
            *("merchant_settlement_delay", "agent_cash_in_issue", "phishing_or_social_engineering", "other"),
        }
    ),
    "severity": frozenset({"low", "medium", "high", "critical"}),
    "department": frozenset(
        {
            *("customer_support", "dispute_resolution", "payments_ops", "merchant_operations"),
            *("agent_operations", "fraud_risk"),
        }
    ),
}
_ERROR_FIELDS = {"code", "message", "request_id"}
_ECHOED = frozenset({"ticket_id", "relevant_transaction_id", "confidence"})
_LONGEST_TEXT = 2_000
_LONGEST_MESSAGE = 300
_NOT_BRACKETS = re.compile(rb"[^][{}]+")
_REASON = re.compile(r"[a-z][a-z0-9_]{0,63}")
_TRACE = re.compile(r"Traceback|File \"|\.py\b|line \d+, in |Error\(|0x[0-9a-f]{8}")
_HASH = re.compile(r"#[0-9a-f]{12}\b")
_UNREAD = ("at", "took_us", "timings_us", "ruleset", "confidence", "status", "request_id")
"""Fields of a log line whose digits say nothing: times, hashes, scores, and an id of our own."""
_CALM = ("debug", "info")
_LEVELS = {"uvicorn.error": (*_CALM, "warning")}
"""The server warns of callers who speak no HTTP."""
_DEEP = 100


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What came back."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    def header(self, name: bytes) -> bytes:
        """The first header of that name, or nothing."""
        return next((value for known, value in self.headers if known.lower() == name), b"")


def find_faults(
    answer: HttpAnswer, sent: bytes, secrets: Iterable[str] = (), *, expected: frozenset[int] = ANSWERED
) -> list[str]:
    """What is wrong with an answer to a body: status, shape, enums, invented ids, traces, secrets told."""
    if answer.status not in expected:
        wanted = " or ".join(map(str, sorted(expected)))
        return [f"status {answer.status}, expected {wanted}: {answer.body[:300]!r}"]
    document = read_answer(answer.body)
    if not isinstance(document, dict):
        return [f"no JSON object: {answer.body[:200]!r}"]
    faults = []
    if not answer.header(b"content-type").startswith(b"application/json"):
        faults.append(f"content type {answer.header(b'content-type')!r}")
    if answer.status == OK:
        faults += _verdict_faults(document, _read_sent(sent))
    else:
        faults += _error_faults(document)
    told = _told_by(document)
    return faults + [f"{secret} is told in {told!r}" for secret in secrets if stands_in(secret, told)]


def find_logged(lines: Iterable[str], secrets: Iterable[str]) -> list[str]:
    """What is wrong with log lines: no JSON, an unexpected error, a secret."""
    faults = []
    for line in lines:
        entry = read_answer(line.encode("utf-8", "surrogatepass"))
        if not isinstance(entry, dict):
            faults.append(f"a log line that is no JSON object: {line[:300]!r}")
            continue
        if entry.get("level") not in _LEVELS.get(str(entry.get("logger")), _CALM):
            faults.append(f"logged: {line[:500]}")
        kept = {name: value for name, value in entry.items() if name not in _UNREAD}
        said = _HASH.sub("", json.dumps(kept, ensure_ascii=False))
        faults += [f"{secret} is logged: {line[:500]}" for secret in secrets if stands_in(secret, said)]
    return faults


def expect_status(body: bytes, declared_length: bytes = b"", max_bytes: int = 256 * 1024) -> frozenset[int]:
    """The statuses that the contract allows for a body; one, wherever the contract is plain."""
    if len(body) > max_bytes or (declared_length.isdigit() and int(declared_length) > max_bytes):
        return frozenset({TOO_LARGE})
    try:
        document = json.loads(body, parse_int=float)
    except RecursionError:
        return frozenset({OK, MALFORMED, MEANINGLESS})
    except ValueError:
        return frozenset({MALFORMED})
    if _depth_of(body) > _DEEP:
        return ANSWERED
    if not isinstance(document, dict):
        return frozenset({MALFORMED})
    complaint = document.get("complaint")
    if not isinstance(document.get("ticket_id"), str) or not isinstance(complaint, str):
        return frozenset({MALFORMED})
    if len(complaint) > 20_000:
        return frozenset({TOO_LARGE})
    if not complaint.strip():
        return frozenset({MEANINGLESS})
    if any(char.isascii() and char.isalnum() for char in complaint):
        return frozenset({OK})
    return frozenset({OK, MEANINGLESS})


def read_answer(body: bytes) -> object:
    """A body read strictly, as anybody's client would; None where it is no JSON in UTF-8."""
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _read_sent(body: bytes) -> Mapping[str, object]:
    try:
        document = json.loads(body, parse_int=float)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _depth_of(body: bytes) -> int:
    """How deep brackets nest, those inside of strings included."""
    steps = (1 if byte in b"[{" else -1 for byte in _NOT_BRACKETS.sub(b"", body))
    return max(accumulate(steps), default=0)


def _verdict_faults(answer: Mapping[str, object], sent: Mapping[str, object]) -> list[str]:
    if set(answer) != set(FIELDS):
        return [f"fields {sorted(answer)}"]
    faults = [f"{name} {answer[name]!r}" for name, values in ENUMS.items() if answer[name] not in values]
    if _units_of(answer["ticket_id"]) != _units_of(sent.get("ticket_id")):
        faults.append(f"ticket_id {answer['ticket_id']!r}")
    row = answer["relevant_transaction_id"]
    if row is not None and _units_of(row) not in map(_units_of, _ids_of(sent)):
        faults.append(f"invented id {answer['relevant_transaction_id']!r}")
    for name in TEXTS:
        text = answer[name]
        if not isinstance(text, str) or not 1 <= len(text.strip()) <= len(text) <= _LONGEST_TEXT:
            faults.append(f"{name} {text!r}")
    reply = str(answer["customer_reply"])
    if not re.search("PIN|পিন", reply) or not re.search("OTP|ওটিপি", reply):
        faults.append(f"no warning about PIN and OTP: {reply!r}")
    if not isinstance(answer["human_review_required"], bool):
        faults.append(f"human_review_required {answer['human_review_required']!r}")
    confidence = answer["confidence"]
    if isinstance(confidence, bool) or not isinstance(confidence, int | float) or not 0 <= confidence <= 1:
        faults.append(f"confidence {confidence!r}")
    reasons = answer["reason_codes"]
    if not isinstance(reasons, list) or not all(
        isinstance(reason, str) and _REASON.fullmatch(reason) for reason in reasons
    ):
        faults.append(f"reason_codes {reasons!r}")
    return faults


def _units_of(text: object) -> object:
    """A string as JSON's escapes see it, where two surrogates in a row are one character."""
    return text.encode("utf-16-le", "surrogatepass") if isinstance(text, str) else text


def _ids_of(sent: Mapping[str, object]) -> list[object]:
    history = sent.get("transaction_history")
    rows = history if isinstance(history, list) else []
    return [row.get("transaction_id") for row in rows if isinstance(row, dict)]


def _error_faults(answer: Mapping[str, object]) -> list[str]:
    error = answer.get("error")
    if set(answer) != {"error"} or not isinstance(error, dict) or set(error) != _ERROR_FIELDS:
        return [f"error {answer!r}"]
    if not all(isinstance(value, str) and value for value in error.values()):
        return [f"error {error!r}"]
    if not _REASON.fullmatch(error["code"]) or len(error["message"]) > _LONGEST_MESSAGE:
        return [f"error {error!r}"]
    trace = _TRACE.search(error["message"])
    return [f"a trace: {error['message']!r}"] if trace else []


def _told_by(answer: Mapping[str, object]) -> str:
    """Everything that an answer says, but for the ids that it repeats because the contract wants it to."""
    error = answer.get("error")
    if isinstance(error, dict):
        return str({name: value for name, value in error.items() if name != "request_id"})
    kept = {name: value for name, value in answer.items() if name not in _ECHOED}
    row = answer.get("relevant_transaction_id")
    told = json.dumps(kept, ensure_ascii=False)
    return told.replace(row, "") if isinstance(row, str) and row else told
