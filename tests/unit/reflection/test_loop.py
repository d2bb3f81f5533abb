"""A draft is written, checked and written again; what passes leaves, and nothing else."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from casewright.domain.answer import Draft, Finding, FindingCode
from casewright.reflection.loop import BARE, NO_SOURCE, NOTHING_WRITTEN, review
from casewright.runner import Graph, Run, Stage, Step

WRONG = Finding(FindingCode.UNSUPPORTED_NUMBER, "number")
UNSAFE = Finding(FindingCode.SHIELD, "promise")
WEAK = Finding(FindingCode.JUDGE, "off the point")
SAFE = Draft("safe", "the template")


def _draft(text: str) -> Draft:
    return Draft(text, "why", source="model:test/one")


class _Writer:
    """Offers drafts in their order, and keeps what it was told."""

    def __init__(self, drafts: Sequence[Draft | None]) -> None:
        self._drafts = iter(drafts)
        self.told: list[tuple[Finding, ...]] = []

    def __call__(self, told: tuple[Finding, ...]) -> Draft | None:
        self.told.append(told)
        return next(self._drafts)


def _check(draft: Draft) -> tuple[Finding, ...]:
    return {"wrong": (WRONG,), "unsafe": (UNSAFE,), "both": (WRONG, UNSAFE)}.get(draft.message, ())


def _clock() -> float:
    return 0.0


def test_a_first_draft_that_passes_leaves_at_once() -> None:
    writer = _Writer([_draft("fine")])
    result = review(writer, SAFE, _check, clock=_clock, deadline_s=8)
    assert result.draft.message == "fine"
    assert not result.is_fallback
    assert [one.findings for one in result.tries] == [()]
    assert writer.told == [()]


def test_a_failed_review_tells_the_writer_why_and_the_second_draft_leaves() -> None:
    writer = _Writer([_draft("wrong"), _draft("fine")])
    result = review(writer, SAFE, _check, clock=_clock, deadline_s=8)
    assert result.draft.message == "fine"
    assert writer.told == [(), (WRONG,)]
    assert [one.findings for one in result.tries] == [(WRONG,), ()]


def test_three_failures_are_the_most_and_then_the_safest_template_answers() -> None:
    writer = _Writer([_draft("wrong")] * 9)
    result = review(writer, SAFE, _check, clock=_clock, deadline_s=8)
    assert (result.draft, result.is_fallback) == (SAFE, True)
    assert len(writer.told) == 3
    assert [one.source for one in result.tries] == ["model:test/one"] * 3 + ["template"]


@pytest.mark.parametrize("text", ["unsafe", "both"])
def test_a_violation_of_the_shield_is_replaced_at_once_and_never_asked_again(text: str) -> None:
    writer = _Writer([_draft(text), _draft("fine")])
    result = review(writer, SAFE, _check, clock=_clock, deadline_s=8)
    assert (result.draft, result.is_fallback) == (SAFE, True)
    assert len(writer.told) == 1


def test_a_judge_may_cost_a_try_and_fails_nothing_for_good() -> None:
    writer = _Writer([_draft("fine"), _draft("fine too"), _draft("fine as well")])
    result = review(writer, SAFE, _check, lambda _: (WEAK,), clock=_clock, deadline_s=8)
    assert result.draft.message == "fine as well"
    assert not result.is_fallback
    assert writer.told == [(), (WEAK,), (WEAK,)]


def test_what_passed_before_the_judge_objected_leaves_when_the_next_draft_fails() -> None:
    writer = _Writer([_draft("fine"), _draft("unsafe")])
    result = review(writer, SAFE, _check, lambda _: (WEAK,), clock=_clock, deadline_s=8)
    assert (result.draft.message, result.is_fallback) == ("fine", False)


def test_a_judge_cannot_pass_what_the_check_refused_nor_name_other_findings() -> None:
    result = review(_Writer([_draft("wrong")] * 3), SAFE, _check, lambda _: (), clock=_clock, deadline_s=8)
    assert result.draft == SAFE
    result = review(_Writer([_draft("fine")]), SAFE, _check, lambda _: (UNSAFE,), clock=_clock, deadline_s=8)
    assert result.draft.message == "fine"


def test_errors_of_writer_check_and_judge_end_in_the_template_or_change_nothing() -> None:
    def fails(_: object) -> tuple[Finding, ...]:
        raise RuntimeError("broken")

    def breaks(_: tuple[Finding, ...]) -> Draft | None:
        raise RuntimeError("broken")

    assert review(breaks, SAFE, _check, clock=_clock, deadline_s=8).draft == SAFE
    assert review(_Writer([None]), SAFE, _check, clock=_clock, deadline_s=8).tries[0].findings == (
        NOTHING_WRITTEN,
    )
    fine = review(_Writer([_draft("fine")]), SAFE, _check, fails, clock=_clock, deadline_s=8)
    assert fine.draft.message == "fine"
    unchecked = review(_Writer([_draft("fine")]), SAFE, fails, clock=_clock, deadline_s=8)
    assert unchecked.draft.message == BARE.message


def test_a_template_that_does_not_pass_is_replaced_by_the_text_that_states_nothing() -> None:
    result = review(
        _Writer([None]), Draft("wrong", "", tools_used=("look",)), _check, clock=_clock, deadline_s=8
    )
    assert result.draft.message == BARE.message
    assert result.draft.tools_used == ("look",)
    assert result.is_fallback
    assert result.tries[-1].findings == (WRONG,)


def test_one_deadline_holds_for_all_tries() -> None:
    ticks = iter([0.0, 0.0, 5.0, 9.0, 9.0, 9.0, 9.0])
    writer = _Writer([_draft("wrong"), _draft("wrong"), _draft("fine")])
    result = review(writer, SAFE, _check, clock=lambda: next(ticks), deadline_s=8)
    assert result.draft == SAFE
    assert len(writer.told) == 2


def test_a_writer_that_never_answers_is_left_behind_at_the_deadline() -> None:
    held = Event()

    def hangs(_: tuple[Finding, ...]) -> Draft | None:
        held.wait(30)
        return _draft("fine")

    with ThreadPoolExecutor(1) as pool:
        result = review(hangs, SAFE, _check, clock=_clock, deadline_s=0.02, submit=pool.submit)
        held.set()
    assert result.draft == SAFE
    assert result.tries[0].source == NO_SOURCE


def test_a_writer_that_still_waits_for_a_thread_at_the_deadline_is_never_asked() -> None:
    held, writer = Event(), _Writer([_draft("fine")])
    with ThreadPoolExecutor(1) as pool:
        pool.submit(held.wait, 30)
        result = review(writer, SAFE, _check, clock=_clock, deadline_s=0.02, submit=pool.submit)
        held.set()
    assert result.draft == SAFE
    assert writer.told == []


def test_each_try_is_a_step_of_the_run() -> None:
    graph = Graph("words", (Step("write", Stage.WRITE), Step("review", Stage.REVIEW)), ("review", "write"))
    run = Run(graph, _clock)
    review(_Writer([_draft("wrong")] * 3), SAFE, _check, clock=_clock, deadline_s=8, take=run.do)
    assert [record.name for record in run.records] == ["write", "review"] * 3
