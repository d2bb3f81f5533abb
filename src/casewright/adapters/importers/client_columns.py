"""Headings of client files, read by their words: `Acct. Manager`, `Total Spend YTD`, `Last met`.

A heading means a field where it has the words that tell it, and no other words but those which add nothing
beside them. So `Last year's spend`, `Next meeting` and `Manager email` mean none, and are not guessed at.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from casewright.adapters.importers.amounts import CURRENCY_WORDS
from casewright.adapters.importers.records import fold_column


@dataclass(frozen=True, slots=True)
class FieldWords:
    """`tell`: sets of words, one of which a heading has whole. `beside`: what else it may have."""

    tell: tuple[frozenset[str], ...]
    beside: frozenset[str]

    def fits(self, words: frozenset[str]) -> bool:
        """Whether a heading of these words means the field."""
        return any(telling <= words and words - telling <= self.beside for telling in self.tell)


def _words(tell: str, beside: str, *, more: frozenset[str] = frozenset()) -> FieldWords:
    """`tell` holds the sets apart by commas."""
    sets = tuple(frozenset(part.split()) for part in tell.split(","))
    return FieldWords(sets, frozenset(beside.split()) | more | {"client", "customer", "the", "of", "s"})


FIELDS: Mapping[str, FieldWords] = {
    "client_id": _words("id, code, number, key, reference", "account company crm sales unique external"),
    "name": _words(
        "name, company, organisation, business", "account company legal full display trading registered"
    ),
    "industry": _words(
        "industry, sector, vertical, segment, category", "company account business name primary main market"
    ),
    "spend": _words(
        "spend, spent, spending, revenue ytd, billings ytd, billed ytd",
        "ytd total annual media ad ads advertising amount this year current account to date so far value in",
        more=CURRENCY_WORDS,
    ),
    "currency": _words("currency", "spend code iso account"),
    "last_meeting": _words(
        "last meeting, last met, latest meeting, recent meeting, previous meeting, last contact,"
        " last contacted, last visit, last visited, meeting date",
        "last most date day on at time in person with when we were held",
    ),
    "account_manager": _words(
        "manager, owner, account executive, sales executive, representative, am, rm, kam",
        "account relationship sales key name full assigned responsible senior our company",
    ),
}
_ENTITY = frozenset({"client", "customer", "account"})
"""Alone they are the name beside an id, and the id beside a name."""
_SHORT = {
    "acct": "account", "acc": "account", "mgr": "manager", "mngr": "manager", "rel": "relationship",
    "rep": "representative", "exec": "executive", "no": "number", "num": "number", "nr": "number",
    "ref": "reference", "org": "organisation", "organization": "organisation", "firm": "company",
    "co": "company", "cust": "customer", "amt": "amount", "mtg": "meeting", "meet": "meeting", "yr": "year",
    "dt": "date", "curr": "currency", "ccy": "currency",
}  # fmt: skip
_YEAR_TO_DATE = re.compile(r"(?<![a-z0-9])year_to_date(?![a-z0-9])")
_VOCABULARY = frozenset(
    word
    for field in FIELDS.values()
    for some in (*field.tell, field.beside)
    for word in some
    if len(word) > 1
)


def read_client_headings(headings: Sequence[str]) -> dict[str, str]:
    """The headings that mean a field of a client, and which."""
    words = {heading: read_words(heading) for heading in headings}
    found = {heading: field for heading in headings if (field := _find_field(words[heading]))}
    fields = set(found.values())
    if not {"client_id", "name"} <= fields:
        rest = "client_id" if "name" in fields else "name"
        found |= {heading: rest for heading in headings if words[heading] and words[heading] <= _ENTITY}
    return found


def read_words(heading: str) -> frozenset[str]:
    """The words of a heading, in full and small."""
    folded = _YEAR_TO_DATE.sub("ytd", fold_column(heading.replace("#", " number ")))
    return frozenset(word for part in folded.split("_") for word in _cut(_SHORT.get(part, part)))


def _find_field(words: frozenset[str]) -> str | None:
    fitting = [name for name, field in FIELDS.items() if words and field.fits(words)]
    return fitting[0] if len(fitting) == 1 else None


def _cut(word: str) -> tuple[str, ...]:
    """A word; or two that are written as one, such as `lastmeeting`."""
    if word in _VOCABULARY:
        return (word,)
    for place in range(2, len(word) - 1):
        first, second = word[:place], word[place:]
        if first in _VOCABULARY and _SHORT.get(second, second) in _VOCABULARY:
            return first, _SHORT.get(second, second)
    return (word,) if word else ()
