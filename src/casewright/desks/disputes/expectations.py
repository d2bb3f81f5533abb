"""What a row must and should look like, for each type of dispute; and how a counterparty can be named."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from casewright.domain.record import RecordKind, RecordStatus
from casewright.investigation.claims import Claim
from casewright.investigation.matching import Expectation
from casewright.language.data_files import read_yaml

_K, _S = RecordKind, RecordStatus
_OUTGOING = frozenset({_K.TRANSFER, _K.PAYMENT, _K.CASH_OUT})


@dataclass(frozen=True, slots=True)
class TypeExpectation:
    """The expectation of a case type, and how signals sharpen it."""

    base: Expectation
    by_signal: Mapping[str, Expectation]

    def for_claim(self, claim: Claim) -> Expectation:
        """The first signal's expectation that applies, else the base."""
        for signal, expectation in self.by_signal.items():
            if signal in claim.signals:
                return expectation
        return self.base


def _expect(
    *kinds: RecordKind, likely: tuple[RecordKind, ...] = (), needs_name: bool = False, **statuses: int
) -> Expectation:
    points = {_S(name): worth for name, worth in statuses.items()}
    return Expectation(frozenset(kinds), points, frozenset(likely), needs_name)


_WRONG_PERSON = _expect(_K.TRANSFER, completed=8, pending=8)
_FAILED_KINDS = (_K.PAYMENT, _K.CASH_OUT, _K.TRANSFER)

EXPECTATIONS: Mapping[str, TypeExpectation] = {
    "wrong_transfer": TypeExpectation(
        _expect(_K.TRANSFER), {"wrong_recipient": _WRONG_PERSON, "mistaken_send": _WRONG_PERSON}
    ),
    "payment_failed": TypeExpectation(
        _expect(*_FAILED_KINDS, likely=(_K.PAYMENT,), failed=10, pending=6, reversed=2),
        {
            "cash_out_named": _expect(_K.CASH_OUT, failed=10, pending=6, reversed=2),
            "transfer_named": _expect(
                *_FAILED_KINDS, likely=(_K.TRANSFER,), failed=10, pending=6, reversed=2
            ),
            "payment_pending": _expect(*_FAILED_KINDS, likely=(_K.PAYMENT,), pending=10, failed=6),
        },
    ),
    "refund_request": TypeExpectation(
        _expect(_K.PAYMENT, _K.REFUND, likely=(_K.REFUND,), completed=6),
        {
            "contested_purchase": _expect(_K.PAYMENT, _K.REFUND, likely=(_K.REFUND,), completed=6),
            "refund_not_received": _expect(
                _K.PAYMENT, _K.REFUND, _K.CASH_OUT, _K.TRANSFER, likely=(_K.REFUND,)
            ),
        },
    ),
    "duplicate_payment": TypeExpectation(
        _expect(*_OUTGOING, likely=(_K.PAYMENT,), completed=6),
        {"transfer_named": _expect(*_OUTGOING, likely=(_K.TRANSFER,), completed=6)},
    ),
    "merchant_settlement_delay": TypeExpectation(_expect(_K.SETTLEMENT, pending=8, failed=8), {}),
    "agent_cash_in_issue": TypeExpectation(_expect(_K.CASH_IN, pending=8, failed=8, reversed=8), {}),
    "phishing_or_social_engineering": TypeExpectation(_expect(*_OUTGOING, completed=6, pending=4), {}),
    "other": TypeExpectation(_expect(needs_name=True), {}),
}


@cache
def _alias_fragments() -> Mapping[str, frozenset[str]]:
    """Fragment of a counterparty's code to the alias names of the lexicon that mean it."""
    text = resources.files("casewright.desks.disputes").joinpath("aliases.yaml").read_text("utf-8")
    found: dict[str, set[str]] = {}
    for alias, fragments in read_yaml(text).items():
        for fragment in str(fragments).split():
            found.setdefault(fragment, set()).add(alias)
    return {fragment: frozenset(names) for fragment, names in found.items()}


_GENERIC = frozenset(
    {"merchant", "merch", "biller", "agent", "self", "bank", "cust", "customer", "unknown", "bkash"}
)
_PIECES = re.compile(r"[a-z]{2,}|\d{3,}")


@lru_cache(maxsize=4096)
def counterparty_terms(counterparty: str) -> frozenset[str]:
    """Words and alias names that a customer may use for a counterparty: "BILLER-TITAS" → titas, gas."""
    lowered = counterparty.lower()
    if lowered.startswith("+") or lowered.isdigit():
        return frozenset()
    pieces = {piece for piece in _PIECES.findall(lowered) if piece not in _GENERIC}
    aliases = _alias_fragments()
    for piece in tuple(pieces):
        for fragment, names in aliases.items():
            if fragment == piece or (len(fragment) > 3 and fragment in piece):
                pieces |= names
    return frozenset(pieces)
