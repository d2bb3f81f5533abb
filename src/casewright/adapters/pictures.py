"""Pictures by their content: what a file really is, whether it can be opened, and a clean copy of it.

    bytes ─► size ─► first bytes ─► header: width × height ─► decoded whole ─► drawn anew as JPEG

Invariants: a file's name and declared type are never asked; nothing is decoded before its dimensions are
known to be within the limits; the clean copy holds pixels and nothing else of the file: no place, no camera,
no text, nothing behind the picture. Needs the extra `evidence` (Pillow). It judges no motif: what a picture
shows, people see.
"""

import hashlib
import io
import struct
import zlib
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from casewright.domain.errors import ConfigurationError

MISSING_EXTRA = "Checking pictures needs the extra `evidence`: pip install 'casewright[evidence]'."
STORED_TYPE = "image/jpeg"
STORED_SIDE_PX = 2560
"""A clean copy is at most this wide and high: enough to see what happened."""
_QUALITY = 88
_BROKEN = (
    OSError,  # with UnidentifiedImageError: no picture, or cut off
    SyntaxError,  # Pillow's word for a broken PNG
    ValueError,
    TypeError,
    EOFError,
    IndexError,
    KeyError,
    OverflowError,
    ZeroDivisionError,
    MemoryError,
    struct.error,
    zlib.error,
)


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """What a file may be at most. A picture of 25 million pixels takes 75 MB while it is decoded."""

    most_bytes: int = 8 * 1024 * 1024
    most_pixels: int = 25_000_000
    longest_side_px: int = 16_000


DEFAULT_LIMITS = PictureLimits()


@dataclass(frozen=True, slots=True)
class Picture:
    """One accepted picture. `sha256` and `media_type` are those of the file as it came."""

    sha256: str
    media_type: str
    size_bytes: int
    width: int
    height: int
    clean: bytes
    """The clean copy, of STORED_TYPE."""


@dataclass(frozen=True, slots=True)
class Unacceptable:
    """Why a file is no evidence."""

    reason: str


def sniff_type(content: bytes) -> str | None:
    """`image/jpeg`, `image/png` or `image/webp` by the first bytes; None for anything else."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return None


def require_pillow() -> None:
    """Raises ConfigurationError where the extra is not installed."""
    if find_spec("PIL") is None:
        raise ConfigurationError(MISSING_EXTRA, code="extra_missing")


def check_picture(content: bytes, limits: PictureLimits = DEFAULT_LIMITS) -> Picture | Unacceptable:
    """Judge a file by its content. Raises ConfigurationError where the extra is not installed."""
    require_pillow()
    if not content:
        return Unacceptable("evidence_empty")
    if len(content) > limits.most_bytes:
        return Unacceptable("evidence_too_large")
    media_type = sniff_type(content)
    if media_type is None:
        return Unacceptable("evidence_not_a_picture")
    from PIL import Image

    wanted = media_type.removeprefix("image/").upper()
    try:
        with Image.open(io.BytesIO(content), formats=(wanted,)) as image:
            width, height = image.size
            if width * height > limits.most_pixels or max(width, height) > limits.longest_side_px:
                return Unacceptable("evidence_too_many_pixels")
            clean = _draw_anew(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return Unacceptable("evidence_too_many_pixels")
    except _BROKEN:
        return Unacceptable("evidence_unreadable")
    digest = hashlib.sha256(content).hexdigest()
    return Picture(digest, media_type, len(content), width, height, clean)


def _draw_anew(image: Any) -> bytes:
    """The picture's pixels, upright, on white, in a new file."""
    from PIL import Image, ImageOps

    if image.format == "JPEG":
        image.draft("RGB", (STORED_SIDE_PX, STORED_SIDE_PX))
    image.load()
    upright = ImageOps.exif_transpose(image)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        seen = upright.convert("RGBA")
        drawn = Image.new("RGB", seen.size, (255, 255, 255))
        drawn.paste(seen, mask=seen.getchannel("A"))
    else:
        drawn = upright.convert("RGB")
    drawn.thumbnail((STORED_SIDE_PX, STORED_SIDE_PX))
    fresh = Image.new("RGB", drawn.size)
    fresh.paste(drawn)
    target = io.BytesIO()
    fresh.save(target, "JPEG", quality=_QUALITY)
    return target.getvalue()
