"""Money as integer minor units with a currency."""

from dataclasses import dataclass

MINOR_PER_MAJOR = 100


@dataclass(frozen=True, slots=True)
class Money:
    """An amount. `minor` counts hundredths of the currency's unit (poisha for BDT)."""

    minor: int
    currency: str = "BDT"

    def __str__(self) -> str:
        return f"{format_minor(self.minor)} {self.currency}"


def format_minor(minor: int) -> str:
    """Digits only, no grouping: 120000 -> "1200", 120050 -> "1200.50"."""
    sign = "-" if minor < 0 else ""
    major, rest = divmod(abs(minor), MINOR_PER_MAJOR)
    return f"{sign}{major}.{rest:02d}" if rest else f"{sign}{major}"
