"""Envelopes: how a document becomes bytes, ways to spoil the bytes, and the headers that come with them.

Whether spoilt bytes still hold a ticket is not said here.
"""

import gzip
import json
import random
import re
from collections.abc import Callable, Mapping

from casewright.evaluation.request_structures import FIELDS, Document, as_literal, draw_junk

Header = tuple[bytes, bytes]
_RAW = re.compile(r'"@@raw:([^@"]*)@@"')


def encode_document(document: object, rng: random.Random) -> bytes:
    """The document as JSON in UTF-8, written loosely or tightly; a bare surrogate may make it no UTF-8."""
    text = json.dumps(
        document,
        ensure_ascii=rng.random() < 0.5,
        indent=rng.choice((None, None, None, 1)),
        separators=rng.choice((None, (",", ":"))),
    )
    return _RAW.sub(r"\1", text).encode("utf-8", "surrogatepass")


def fill_to(body: bytes, size: int) -> bytes:
    """The body padded to a size: inside its object where it ends like one, else behind it."""
    missing = size - len(body)
    frame = b',"metadata":""}'
    if body.endswith(b"}") and missing >= len(frame):
        return body[:-1] + frame[:-2] + b"a" * (missing - len(frame) + 1) + frame[-2:]
    return body + b" " * max(0, missing)


def draw_headers(rng: random.Random) -> list[Header]:
    """The headers of one request: mostly plain, sometimes odd ones."""
    headers: list[Header] = [(b"host", b"localhost")]
    headers.append((b"content-type", rng.choice(_CONTENT_TYPES) if rng.random() < 0.4 else _CONTENT_TYPES[0]))
    headers += rng.choices(_ODD_HEADERS, k=rng.choice((0, 0, 0, 1, 3)))
    if rng.random() < 0.02:
        headers += [(f"x-{number}".encode("ascii"), b"1" * 50) for number in range(300)]
    return headers


_CONTENT_TYPES = (
    b"application/json",
    b"text/plain",
    b"application/json; charset=utf-16",
    b"multipart/form-data; boundary=x",
    b"application/x-www-form-urlencoded",
    b"",
    b"\xff\x00",
    b"application/json" * 500,
)
_ODD_HEADERS: tuple[Header, ...] = (
    (b"content-length", b"12"),
    (b"content-length", b"99999999999999999999999"),
    (b"content-length", b"-1"),
    (b"content-length", b"abc"),
    (b"content-length", b""),
    (b"content-encoding", b"gzip"),
    (b"content-encoding", b"identity"),
    (b"transfer-encoding", b"chunked"),
    (b"x-request-id", b"caller-77.a"),
    (b"x-request-id", b"bad id\r\nset-cookie: x"),
    (b"x-request-id", b"\xe0\xa6\x86" * 40),
    (b"origin", b"null"),
    (b"origin", b"https://evil.example"),
    (b"accept", b"text/html;q=0, */*;q=banana"),
    (b"accept-encoding", b"gzip, br, \xff"),
    (b"expect", b"100-continue"),
    (b"x-forwarded-for", b"127.0.0.1, " * 200),
    (b"authorization", b"Bearer \xff\xfe"),
    (b"x-api-key", b""),
    (b"cookie", b"a=" + b"b" * 8_000),
    (b"connection", b"upgrade"),
    (b"upgrade", b"websocket"),
    (b"if-none-match", b"*"),
    (b"range", b"bytes=0-"),
    (b"", b""),
)


def _cut(body: bytes, rng: random.Random) -> bytes:
    return body[: rng.randrange(len(body) + 1)]


def _flip_bits(body: bytes, rng: random.Random) -> bytes:
    flipped = bytearray(body)
    for _ in range(rng.choice((1, 1, 2, 10, 100)) if body else 0):
        flipped[rng.randrange(len(flipped))] ^= 1 << rng.randrange(8)
    return bytes(flipped)


def _span(body: bytes, rng: random.Random) -> tuple[int, int]:
    first = rng.randrange(len(body) + 1)
    return first, min(len(body), first + rng.choice((1, 2, 10, 100)))


def _delete_span(body: bytes, rng: random.Random) -> bytes:
    first, last = _span(body, rng)
    return body[:first] + body[last:]


def _repeat_span(body: bytes, rng: random.Random) -> bytes:
    first, last = _span(body, rng)
    return body[:last] + body[first:last] * rng.choice((1, 2, 50)) + body[last:]


def _insert_bytes(body: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(body) + 1)
    return body[:at] + rng.choice(_INSERTS) + body[at:]


_INSERTS = (
    *(
        b"\x00",
        b"\xff",
        b"\xc0\xaf",
        b"\xed\xa0\x80",
        b"\xef\xbb\xbf",
        b"\xf4\x90\x80\x80",
        b"\r\n\r\n",
        b'"',
        b"\\",
    ),
    *(
        b"\\u",
        b"\\ud800",
        b"\\x41",
        b"NaN",
        b"//",
        b"/**/",
        b",",
        b",,",
        b"}",
        b"]",
        b"{",
        b"[" * 2_000,
        b"1e999999",
    ),
    *(b"-", b"0" * 10_000, b"\\u0000", b"\t", b"\x1b", b"\xe2\x80\xa8"),
)


def _as_encoded(encoding: str) -> Callable[[bytes, random.Random], bytes]:
    def encode(body: bytes, rng: random.Random) -> bytes:
        text = body.decode("utf-8", "replace")
        return text.encode(encoding, "replace")

    return encode


def _repeat_keys(body: bytes, rng: random.Random) -> bytes:
    """Each of some fields a first time, in front of the one that counts."""
    if not body.startswith(b"{"):
        return body
    document: Document = {name: draw_junk(rng, 1) for name in rng.sample(FIELDS, 3)}
    front = encode_document(document, rng).strip()[1:-1]
    return b"{" + front + b"," + body[1:]


def _repeat_keys_behind(body: bytes, rng: random.Random) -> bytes:
    if not body.endswith(b"}"):
        return body
    return body[:-1] + b"," + encode_document({rng.choice(FIELDS): draw_junk(rng, 1)}, rng).strip()[1:]


def _bury(body: bytes, rng: random.Random) -> bytes:
    """Brackets by the thousand around the document, or in a field that is not read."""
    depth = rng.choice((5, 900, 5_000, 100_000))
    opening, closing = rng.choice(((b"[", b"]"), (b'{"a":', b"}")))
    depth = min(depth, 200_000 // (len(opening) + len(closing)))
    if rng.random() < 0.5 and body.startswith(b"{"):
        return b'{"extra":' + opening * depth + b"1" + closing * depth + b"," + body[1:]
    return opening * depth + body + closing * rng.choice((0, depth))


def _escape_all(body: bytes, rng: random.Random) -> bytes:
    """Every letter inside a string as an escape."""
    text = body.decode("utf-8", "replace")
    return re.sub(r"(?<=[a-z ])[a-z](?=[a-z ])", lambda match: f"\\u{ord(match[0]):04x}", text).encode(
        "utf-8"
    )


def _random_bytes(body: bytes, rng: random.Random) -> bytes:
    return rng.randbytes(rng.choice((0, 1, 2, 4, 30, 3_000)))


ENVELOPES: Mapping[str, Callable[[bytes, random.Random], bytes]] = {
    "cut": _cut,
    "bits flipped": _flip_bits,
    "span deleted": _delete_span,
    "span repeated": _repeat_span,
    "bytes inserted": _insert_bytes,
    "byte order mark": lambda body, rng: b"\xef\xbb\xbf" + body,
    "UTF-16": _as_encoded("utf-16"),
    "UTF-16-LE": _as_encoded("utf-16-le"),
    "UTF-32": _as_encoded("utf-32"),
    "Latin-1": _as_encoded("latin-1"),
    "gzip": lambda body, rng: gzip.compress(body, 1, mtime=0),
    "keys repeated": _repeat_keys,
    "keys repeated behind": _repeat_keys_behind,
    "buried": _bury,
    "escaped": _escape_all,
    "in a list": lambda body, rng: b"[" + body + b"]",
    "twice": lambda body, rng: body + rng.choice((b"", b"\n", b",")) + body,
    "blanks around": lambda body, rng: rng.choice((b" ", b"\r\n", b"\t")) * 1_000 + body + b"\n" * 1_000,
    "single quotes": lambda body, rng: body.replace(b'"', b"'"),
    "comma behind": lambda body, rng: body.replace(b"}", b",}"),
    "zero behind": lambda body, rng: body + b"\x00",
    "any bytes": _random_bytes,
    "a bare value": lambda body, rng: encode_document(rng.choice((draw_junk(rng), as_literal("-"))), rng),
}
