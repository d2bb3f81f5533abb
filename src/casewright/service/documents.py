"""Documents: JSON from outside, read without a way to fail but MalformedRequest; and JSON to outside.

NaN, infinities, lone surrogates, duplicate keys (the last one counts), a byte order mark, UTF-16 and
integers of any length are survived. It does not look at what the document says: a desk's reader does.
"""

import json

from pydantic_core import from_json, to_json

from casewright.domain.errors import MalformedRequest

_ENCODE_ASCII = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode
LONGEST_INTEGER = 30
"""Digits. A longer integer is read as a float, so as an infinity where it is too large for one."""


def parse_document(body: bytes) -> object:
    """The decoded body. Raises MalformedRequest with where and why."""
    if not body.strip():
        raise MalformedRequest("The body is empty; send a JSON object.", code="empty_body")
    try:
        return from_json(body)
    except ValueError:
        return _parse_slowly(body)


def _parse_slowly(body: bytes) -> object:
    """The same by the standard library, which survives more, and says where it does not."""
    try:
        return _decode(body)
    except UnicodeDecodeError as error:
        raise MalformedRequest(
            f"The body is not UTF-8 text (byte {error.start}); send JSON in UTF-8.", code="invalid_json"
        ) from None
    except json.JSONDecodeError as error:
        raise MalformedRequest(
            f"The body is not JSON: line {error.lineno}, column {error.colno}: {error.msg}.",
            code="invalid_json",
        ) from None
    except RecursionError:
        raise MalformedRequest("The body is nested too deeply.", code="nested_too_deeply") from None


def _decode(body: bytes) -> object:
    try:
        return json.loads(body)
    except (UnicodeDecodeError, json.JSONDecodeError):
        raise
    except ValueError:
        # The interpreter converts no very long integer; one in a field nobody reads must not cost a ticket.
        return json.loads(body, parse_int=_read_integer)


def _read_integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= LONGEST_INTEGER else float(digits)


def encode_json(document: object) -> bytes:
    """Compact JSON in UTF-8; a lone surrogate leaves as an escape, so that the bytes are always valid."""
    try:
        return to_json(document, inf_nan_mode="strings")
    except ValueError:
        return _ENCODE_ASCII(document).encode("ascii")
