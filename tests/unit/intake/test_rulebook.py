"""The rulebook: read once, complete, and quick to say no."""

from casewright.intake.rulebook import load_rulebook


def letters(*words: str) -> set[str]:
    return set(map(load_rulebook().vocabulary.letter, words))


def test_it_is_read_once() -> None:
    assert load_rulebook() is load_rulebook()


def test_every_rule_is_reachable_by_its_anchor() -> None:
    book = load_rulebook()
    rules = {rule.id for entries in book.by_anchor.values() for _, rule in entries}
    assert len(rules) > 300
    assert all(rule.required for entries in book.by_anchor.values() for _, rule in entries)


def test_every_rule_compiles() -> None:
    book = load_rulebook()
    for rule in {rule.id: rule for entries in book.by_anchor.values() for _, rule in entries}.values():
        assert rule.pattern.search("") is None, rule.id


def test_an_ordinary_message_has_no_candidates() -> None:
    assert load_rulebook().candidates(letters("my", "payment", "failed", "yesterday")) == []


def test_a_rule_is_a_candidate_only_when_all_its_words_are_there() -> None:
    book = load_rulebook()
    assert book.candidates(letters("instructions")) == []
    found = {rule.id for rule in book.candidates(letters("ignore", "instructions"))}
    assert "override_instructions" in found


def test_a_sentence_is_telling_when_enough_comes_together() -> None:
    book = load_rulebook()
    telling = "".join(map(book.vocabulary.letter, ["tomar", "shob", "nirdesh", "vule", "jao"]))
    ordinary = "".join(map(book.vocabulary.letter, ["amar", "taka", "ferot", "den", "please"]))
    assert book.is_telling(telling)
    assert not book.is_telling(ordinary)
