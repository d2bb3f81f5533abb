"""The loop: a draft is written, checked, and written again with what was wrong, inside one deadline.

Three tries at most; then, and wherever anything else goes wrong, the safest template, checked like any other
text. A draft that breaks a rule of the shield is replaced at once and never asked for again. A judge's
opinion may cost a draft a try while tries and time are left, and counts for nothing after that.

Invariants: what leaves has passed the check, or is `BARE`, which states nothing; no error of a writer, a
check or a judge leaves here; every try and its findings are in the result.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, Protocol, TypeVar

from casewright.domain.answer import Draft, Finding, FindingCode, Offer, Reviewed, Try
from casewright.reflection.checks import is_final
from casewright.runner import Submit

Write = Callable[[tuple[Finding, ...]], Offer]
"""Writes a draft; it is told what was wrong with the last."""
Check = Callable[[Draft], tuple[Finding, ...]]
Judge = Callable[[Draft], tuple[Finding, ...]]
"""Findings of code `judge` alone; anything else in them is left out."""
ResultT = TypeVar("ResultT")
MOST_TRIES = 3
NO_SOURCE = "none"
"""The source of a try for which nobody wrote anything."""
NOTHING_WRITTEN = Finding(FindingCode.ELEMENT_MISSING, "draft")
"""What stands in a try whose writer had nothing to offer."""


class TakeStep(Protocol):
    """Takes a named step: `Run.do`, so that each try is on the journal."""

    def __call__(self, name: str, call: Callable[[], Any], /) -> Any: ...


BARE = Draft(
    "There is no answer to this that the checks let through. Please look at the records and the rules.",
    "Every answer that was written failed its review.",
    is_irrelevant=False,
)
"""Said where even the template does not pass: it names nothing."""


def take_plainly(_name: str, call: Callable[[], ResultT], /) -> ResultT:
    """The step itself, on no journal."""
    return call()


def review(
    write: Write,
    fallback: Draft,
    check: Check,
    judge: Judge | None = None,
    *,
    clock: Callable[[], float],
    deadline_s: float,
    max_tries: int = MOST_TRIES,
    take: TakeStep = take_plainly,
    submit: Submit | None = None,
) -> Reviewed:
    """The answer that leaves. `fallback` is the safest template: it is used when no try passes.

    With `submit` (of a thread pool) a writer or a judge that does not answer is left behind at the deadline;
    without it the deadline is looked at between tries.
    """
    began = clock()

    def left_s() -> float:
        return deadline_s - (clock() - began)

    tries: list[Try] = []
    findings: tuple[Finding, ...] = ()
    passing: Draft | None = None
    for number in range(1, max_tries + 1):
        offer = take("write", partial(_limited, partial(write, findings), submit, left_s()))
        draft = offer if isinstance(offer, Draft) else None
        findings = take("review", partial(_checked, check, offer))
        if draft is not None and not findings:
            passing = draft
            if judge is not None and number < max_tries and left_s() > 0:
                findings = _opinion(_limited(partial(judge, draft), submit, left_s()))
        tries.append(Try(draft.source if draft is not None else NO_SOURCE, findings))
        if not findings or draft is None or is_final(findings) or left_s() <= 0:
            break
    if passing is not None:
        return Reviewed(passing, tuple(tries))
    wrong = _checked(check, fallback)
    tries.append(Try(fallback.source, wrong))
    return Reviewed(
        replace(BARE, tools_used=fallback.tools_used) if wrong else fallback, tuple(tries), is_fallback=True
    )


def _limited(call: Callable[[], ResultT], submit: Submit | None, left_s: float) -> ResultT | None:
    """What a writer or a judge answers; None where it raises or is out of time: no text is worth a case."""
    with suppress(Exception):
        if submit is None:
            return call()
        begun = submit(call)
        try:
            answered: ResultT = begun.result(max(0.0, left_s))
        finally:
            begun.cancel()  # one that still waits for a thread is never begun
        return answered
    return None


def _checked(check: Check, offer: Offer) -> tuple[Finding, ...]:
    """What the check finds; a check that cannot be made is a check that failed."""
    if not isinstance(offer, Draft):
        return tuple(one for one in offer or () if isinstance(one, Finding)) or (NOTHING_WRITTEN,)
    try:
        return tuple(check(offer))
    except Exception:  # noqa: BLE001 - fails closed, whatever a hostile text has set off
        return (Finding(FindingCode.SHIELD, "check_failed"),)


def _opinion(said: object) -> tuple[Finding, ...]:
    """Findings of a judge, and nothing else that it may have answered."""
    if not isinstance(said, tuple):
        return ()
    return tuple(one for one in said if isinstance(one, Finding) and one.code is FindingCode.JUDGE)
