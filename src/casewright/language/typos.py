"""Finds the known word that a mistyped one stands for: symmetric deletes, distance one (two in long words).

Only Latin words of five letters and more are mended, only onto the lexicon's own words with the same first
letter, and never a word that is itself an ordinary English one; so "trasaction" is read and "older" is
not taken for "order".
"""

from collections.abc import Iterable
from itertools import combinations

MIN_LENGTH = 5
LONG_WORD = 8


def _distance_limit(length: int) -> int:
    return 2 if length >= LONG_WORD else 1


def _deletes(word: str, depth: int) -> set[str]:
    variants = {word}
    for count in range(1, depth + 1):
        for dropped in combinations(range(1, len(word)), count):
            variants.add("".join(letter for index, letter in enumerate(word) if index not in dropped))
    return variants


def edit_distance(left: str, right: str) -> int:
    """Optimal string alignment: insert, delete, replace, swap of neighbours."""
    before_last: list[int] = []
    last = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        row = [i]
        for j, b in enumerate(right, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, before_last[j - 2] + 1)
            row.append(cost)
        before_last, last = last, row
    return last[-1]


class TypoIndex:
    """Known words, ready to be found from their misspellings."""

    def __init__(self, words: Iterable[str]) -> None:
        self._by_delete: dict[str, list[str]] = {}
        for word in sorted(set(words)):
            if len(word) >= MIN_LENGTH and word.isascii() and word.isalpha():
                for variant in _deletes(word, _distance_limit(len(word))):
                    self._by_delete.setdefault(variant, []).append(word)

    def nearest(self, word: str) -> str | None:
        """The closest known word, or None; on equal distance the one of equal length, then alphabetically."""
        if not MIN_LENGTH <= len(word) <= 24:
            return None
        limit = _distance_limit(len(word))
        best: tuple[int, int, str] | None = None
        seen: set[str] = set()
        for variant in _deletes(word, limit):
            for known in self._by_delete.get(variant, ()):
                if known in seen:
                    continue
                seen.add(known)
                distance = edit_distance(word, known)
                if distance <= min(limit, _distance_limit(len(known))):
                    rank = (distance, abs(len(known) - len(word)), known)
                    best = rank if best is None or rank < best else best
        return best[2] if best else None
