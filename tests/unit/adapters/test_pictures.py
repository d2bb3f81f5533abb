"""Pictures by content: what is taken, what is not, and what is left of a file in its clean copy."""

import hashlib
import io
import struct
import sys
import zlib
from random import Random

import pytest
from PIL import Image, PngImagePlugin

from casewright.adapters.pictures import (
    DEFAULT_LIMITS,
    STORED_SIDE_PX,
    Picture,
    PictureLimits,
    Unacceptable,
    check_picture,
    sniff_type,
)
from casewright.domain.errors import ConfigurationError

SECRET = b"behind the picture"


def draw(kind: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **options: object) -> bytes:
    """A small picture with something in it, as a file."""
    image = Image.new(mode, size)
    image.putpixel((1, 1), 255 if mode in ("L", "P", "1") else tuple([200] * len(image.getbands())))
    target = io.BytesIO()
    image.save(target, kind, **options)  # type: ignore[arg-type]
    return target.getvalue()


def claim_size(width: int, height: int) -> bytes:
    """A PNG whose header claims a size that its data do not have."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0"))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("kind", "media_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")]
)
def test_a_picture_is_known_by_its_content(kind: str, media_type: str) -> None:
    content = draw(kind)
    picture = check_picture(content)
    assert isinstance(picture, Picture)
    assert (picture.media_type, picture.width, picture.height) == (media_type, 40, 30)
    assert picture.sha256 == hashlib.sha256(content).hexdigest()
    assert picture.size_bytes == len(content)
    with Image.open(io.BytesIO(picture.clean)) as clean:
        assert (clean.format, clean.size) == ("JPEG", (40, 30))


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "I;16"])
def test_pictures_of_every_mode_are_drawn_anew(mode: str) -> None:
    image = Image.new(mode, (8, 8))
    target = io.BytesIO()
    image.save(target, "PNG")
    assert isinstance(check_picture(target.getvalue()), Picture)


@pytest.mark.parametrize("mode", ["CMYK", "L"])
def test_jpegs_of_other_colours_are_drawn_anew(mode: str) -> None:
    assert isinstance(check_picture(draw("JPEG", mode=mode)), Picture)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "evidence_empty"),
        (b"photo.png", "evidence_not_a_picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "evidence_not_a_picture"),
        (b"%PDF-1.7 ...", "evidence_not_a_picture"),
        (b"GIF89a" + bytes(40), "evidence_not_a_picture"),
        (b"MZ" + bytes(100), "evidence_not_a_picture"),
        (b"\x89PNG\r\n\x1a\n" + bytes(60), "evidence_unreadable"),
        (b"\xff\xd8\xff\xe0" + bytes(60), "evidence_unreadable"),
        (b"RIFF\x24\0\0\0WEBPVP8 " + bytes(30), "evidence_unreadable"),
        (b"\x89PNG\r\n\x1a\n" + draw("JPEG"), "evidence_unreadable"),
    ],
)
def test_what_is_no_picture_is_refused_with_the_reason(content: bytes, reason: str) -> None:
    assert check_picture(content) == Unacceptable(reason)


def test_a_picture_that_is_cut_off_is_refused() -> None:
    image = Image.effect_noise((200, 200), 80)
    target = io.BytesIO()
    image.save(target, "PNG")
    assert check_picture(target.getvalue()[:-3000]) == Unacceptable("evidence_unreadable")


def test_a_file_over_the_size_limit_is_not_opened() -> None:
    limits = PictureLimits(most_bytes=100)
    assert check_picture(bytes(101), limits) == Unacceptable("evidence_too_large")
    assert DEFAULT_LIMITS.most_bytes == 8 * 1024 * 1024


@pytest.mark.parametrize(
    ("width", "height"),
    [(5001, 5001), (20_000, 20_000), (60_000, 60_000), (16_001, 10), (10, 16_001), (2**31 - 1, 2**31 - 1)],
)
def test_a_bomb_is_refused_by_its_header_before_it_is_decoded(width: int, height: int) -> None:
    assert check_picture(claim_size(width, height)) == Unacceptable("evidence_too_many_pixels")


def test_a_header_that_claims_what_the_data_do_not_hold_is_refused() -> None:
    assert check_picture(claim_size(100, 100)) == Unacceptable("evidence_unreadable")


def test_a_text_that_inflates_is_refused() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("comment", "x" * 80_000_000, zip=True)
    assert check_picture(draw("PNG", pnginfo=info)) == Unacceptable("evidence_unreadable")


def test_the_clean_copy_holds_the_pixels_and_nothing_else() -> None:
    exif = Image.Exif()
    exif[0x010E] = "home address 1 Main Street"
    content = draw("JPEG", exif=exif.tobytes(), comment=b"comment to read") + SECRET
    picture = check_picture(content)
    assert isinstance(picture, Picture)
    for hidden in (b"Main Street", b"comment to read", SECRET, b"Exif"):
        assert hidden not in picture.clean
    with Image.open(io.BytesIO(picture.clean)) as clean:
        assert dict(clean.getexif()) == {}


def test_the_clean_copy_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = check_picture(draw("JPEG", size=(40, 30), exif=exif.tobytes()))
    assert isinstance(picture, Picture)
    with Image.open(io.BytesIO(picture.clean)) as clean:
        assert clean.size == (30, 40)


def test_a_large_picture_is_kept_smaller() -> None:
    picture = check_picture(draw("JPEG", size=(4000, 1000)))
    assert isinstance(picture, Picture)
    assert (picture.width, picture.height) == (4000, 1000)
    with Image.open(io.BytesIO(picture.clean)) as clean:
        assert max(clean.size) <= STORED_SIDE_PX


def test_what_is_see_through_becomes_white() -> None:
    image = Image.new("RGBA", (8, 8), (255, 0, 0, 0))
    target = io.BytesIO()
    image.save(target, "PNG")
    picture = check_picture(target.getvalue())
    assert isinstance(picture, Picture)
    with Image.open(io.BytesIO(picture.clean)) as clean:
        assert min(clean.getpixel((4, 4))) > 250  # type: ignore[type-var, arg-type]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_damaged_files_are_judged_and_never_raise(kind: str) -> None:
    image = Image.effect_noise((24, 24), 60).convert("RGB")
    target = io.BytesIO()
    image.save(target, kind)
    whole = target.getvalue()
    random = Random(f"damaged {kind}")
    for _ in range(250):
        content = bytearray(whole)
        for _ in range(random.randint(1, 6)):
            content[random.randrange(len(content))] = random.randrange(256)
        damaged = bytes(content[: random.randint(1, len(content))] if random.random() < 0.3 else content)
        assert isinstance(check_picture(damaged), Picture | Unacceptable)


@pytest.mark.parametrize(
    ("content", "expected"),
    [(b"\xff\xd8\xff\xe0", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"RIFF....WAVE", None)],
)
def test_types_are_told_by_the_first_bytes(content: bytes, expected: str | None) -> None:
    assert sniff_type(content) == expected


def test_without_the_extra_the_command_that_installs_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    monkeypatch.setitem(sys.modules, "PIL.Image", None)
    with pytest.raises(ConfigurationError, match=r"casewright\[evidence\]"):
        check_picture(b"\x89PNG\r\n\x1a\n")
