"""Bangla in Latin letters to Bangla script, by the Avro rules of a package of the `knowledge` extra."""

from importlib.util import find_spec


def has_transliteration() -> bool:
    """Whether the package is installed."""
    return find_spec("avro") is not None


def transliterate(text: str) -> str:
    """The text in Bangla script; what the rules do not know stays."""
    import avro  # type: ignore[import-untyped]  # it ships no types

    return str(avro.parse(text))
