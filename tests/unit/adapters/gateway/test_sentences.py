"""What is told was whole and had passed; the rest waits, or is never told."""

import json

import pytest

from casewright.adapters.gateway.sentences import FieldReader, Hearing, SentenceGate, split_sentences

SAID = 'Thank you. Your order is on its way! It costs 12.50 EUR, she said "wait." Good day'
SENTENCES = ["Thank you.", "Your order is on its way!", 'It costs 12.50 EUR, she said "wait."', "Good day"]


def hear(refused: str = "never said") -> tuple[SentenceGate, list[str]]:
    told: list[str] = []

    def accept(text: str) -> tuple[str, ...]:
        return ("promise",) if refused in text else ()

    return SentenceGate(Hearing("message", accept, told.append)), told


def stream(gate: SentenceGate, text: str, size: int = 3) -> None:
    listen = gate.open_ear()
    assert listen is not None
    raw = json.dumps({"rationale": "None. At all.", "message": text, "more": "x. y."})
    for start in range(0, len(raw), size):
        listen(raw[start : start + size])


def test_sentences_end_where_a_mark_and_a_space_stand() -> None:
    assert split_sentences(SAID) == SENTENCES
    assert split_sentences("ধন্যবাদ। আপনার অর্ডার পথে আছে।") == ["ধন্যবাদ।", "আপনার অর্ডার পথে আছে।"]
    assert split_sentences("  ") == []


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_a_sentence_is_told_as_soon_as_it_is_whole_and_the_last_one_at_the_end(size: int) -> None:
    gate, told = hear()
    stream(gate, SAID, size)
    assert told == SENTENCES[:-1]
    gate.finish(SAID)
    assert told == SENTENCES


def test_after_one_refusal_nothing_more_is_told() -> None:
    gate, told = hear(refused="on its way")
    stream(gate, SAID)
    gate.finish(SAID)
    assert told == ["Thank you."]


def test_a_text_that_is_not_what_was_told_adds_nothing() -> None:
    gate, told = hear()
    stream(gate, SAID)
    gate.finish("Another text. Quite another.")
    assert told == SENTENCES[:-1]


def test_once_a_sentence_is_out_no_other_provider_is_heard() -> None:
    gate, _ = hear()
    first = gate.open_ear()
    assert first is not None
    second = gate.open_ear()
    assert second is not None
    second('{"message": "Hello there. And')
    assert gate.open_ear() is None


def test_a_provider_whose_time_is_over_is_not_heard_any_more() -> None:
    gate, told = hear()
    first = gate.open_ear()
    assert first is not None
    gate.open_ear()
    first('{"message": "Too late. Really')
    assert told == []
    gate.close()
    assert gate.open_ear() is None


def test_a_value_that_was_never_streamed_is_told_whole() -> None:
    gate, told = hear()
    gate.finish(SAID)
    assert told == SENTENCES


@pytest.mark.parametrize("size", [1, 5])
def test_escapes_that_are_cut_wait_for_their_rest(size: int) -> None:
    reader = FieldReader("message")
    raw = json.dumps({"message": 'a "b" \\ é 😀 ।'})
    texts = [reader.read(raw[start : start + size]) for start in range(0, len(raw), size)]
    assert texts[-1] == 'a "b" \\ é 😀 ।'
    assert all('a "b" \\ é 😀 ।'.startswith(text) or "\ud83d" in text for text in texts)


def test_what_is_no_json_is_no_text() -> None:
    assert FieldReader("message").read('{"message": "a\\q"') == ""
    assert FieldReader("message").read("no object") == ""
