"""Romanised Bangla by sound: whether a Latin word can be one of the packaged Bangla words.

There is no standard spelling, so both sides are reduced to a key: the Bangla word is transliterated letter
by letter, the folding of `language.fold` is applied, and the vowel "o" (written or not at the writer's whim)
falls away. Short keys say too little and are never accepted.

Not done here: deciding that a text is Bangla at all; a single word proves nothing.
"""

from collections.abc import Iterable

from casewright.language.fold import fold_banglish

_BANGLA_LETTERS = "কখগঘঙচছজঝঞটঠডঢণতথদধনপফবভমযরলশষসহৎংঅআইঈউঊএঐওঔািীুূেৈোৌৃঋ"
_CONSONANTS = "k kh g gh ng ch chh j jh n t th d dh n t th d dh n p f b bh m j r l sh sh s h t ng"
_VOWELS = "o a i i u u e oi o ou a i i u u e oi o ou ri ri"
_LETTERS = dict(zip(_BANGLA_LETTERS, f"{_CONSONANTS} {_VOWELS}".split(), strict=True))
_CLUSTERS = (("ক্ষ", "খ"), ("জ্ঞ", "গ"), ("র্য", "রজ"), ("্য", ""), ("্ব", ""), ("ড়", "র"), ("ঢ়", "র"), ("য়", "ỵ"))
_MIN_KEY = 3
_LATIN_ENDINGS = ("gulo", "gula", "der", "ta", "ti", "te", "ke", "er", "ra", "r", "e", "i", "o", "y")


def sound_key(word: str) -> str:
    """The key of a lower-case Latin word."""
    folded = fold_banglish(word).replace("o", "")
    return fold_banglish(folded)


def bangla_key(word: str) -> str:
    """The key of a Bangla word in composed form."""
    for written, plain in _CLUSTERS:
        word = word.replace(written, plain)
    return sound_key("".join("y" if char == "ỵ" else _LETTERS.get(char, "") for char in word))


class SoundIndex:
    """Keys of many Bangla words."""

    def __init__(self, words: Iterable[str]) -> None:
        keys = {bangla_key(word) for word in words}
        keys |= {key[1:] for key in keys if key.startswith("a")} | {"a" + key for key in keys}
        self._keys = frozenset(key for key in keys if len(key) >= _MIN_KEY)

    def holds(self, word: str) -> bool:
        """Whether the word, or the word without an ending, sounds like a known one."""
        if sound_key(word) in self._keys:
            return True
        return any(
            word.endswith(ending) and sound_key(word[: -len(ending)]) in self._keys
            for ending in _LATIN_ENDINGS
        )
