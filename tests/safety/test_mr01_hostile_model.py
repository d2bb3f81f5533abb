"""MR1: whatever a model answers, the decision, its confidence and its reasons are those of the run without one.

With the guarded proposal on, the case type may be the proposed one; then the rest is the table's output for that
type, a person reviews, confidence is capped, and row and verdict are as without it.
"""

import random
from collections import Counter
from collections.abc import Callable

from casewright.adapters.scripted_model import ScriptedModel
from casewright.desks.disputes.facts import build_facts
from casewright.desks.disputes.replies import write_templates
from casewright.domain.case import Language
from casewright.domain.reply import TEMPLATE_SOURCE
from casewright.evaluation.canaries import Canaries
from casewright.evaluation.cases import GoldenCase, load_golden_cases
from casewright.evaluation.hostile_model import HostileModel
from casewright.evaluation.relations import Tally, changed_fields
from casewright.evaluation.subject import DECISION_FIELDS, Answer, Subject
from casewright.text.shield import ShieldContext, check
from casewright.writing.model_text import propose_choice

SEED = 20_260_201
FULL = 10_000
PROPOSALS_FULL = 4_000
CAP = 0.7


def unsafe_fields(answer: Answer) -> list[str]:
    """Published texts that break the shield, asked again apart from the pipeline."""
    result = answer.result
    texts = write_templates(result.case, result.claim, result.investigation, result.decision)
    broken = []
    for name, audience, required in (
        ("agent_summary", "agent", ()),
        ("recommended_next_action", "agent", ()),
        ("customer_reply", "customer", ("credential_warning",)),
    ):
        context = ShieldContext(
            facts=texts.whitelist,
            allowed_channels=frozenset(),
            language=texts.language if audience == "customer" else Language.EN,
            is_refund_recorded=texts.is_refund_recorded,
            required=required,
            audience=audience,  # type: ignore[arg-type]
        )
        if check(str(answer.response[name]), context):
            broken.append(name)
    return broken


def test_no_answer_of_a_model_moves_a_decision_or_lets_an_unsafe_text_out(
    subject: Subject, canaries: Canaries, size: Callable[[int], int]
) -> None:
    rng = random.Random(SEED)
    cases = load_golden_cases()
    model = HostileModel(SEED, leaks=canaries.leaks)
    attacked = subject.on(model=model)
    alone = {case.name: subject.answer(case.ticket()) for case in cases}
    moved, unsafe = Tally("MR1, decisions", SEED), Tally("MR1, texts", SEED)
    for case in rng.choices(cases, k=size(FULL)):
        answer = attacked.answer(case.ticket())
        before = alone[case.name]
        moved.add(
            model.behaviour, case.message, changed_fields(before.response, answer.response, DECISION_FIELDS)
        )
        unsafe.add(model.behaviour, answer.text, unsafe_fields(answer), case.name)
    assert not moved.violations, moved.report()
    assert not unsafe.violations, unsafe.report()


def test_the_audit_record_of_the_decision_is_that_of_the_run_without_a_model(
    subject: Subject, canaries: Canaries, size: Callable[[int], int]
) -> None:
    rng = random.Random(SEED + 1)
    attacked = subject.on(model=HostileModel(SEED + 1, leaks=canaries.leaks))
    tally = Tally("MR1, audit", SEED + 1)
    for case in rng.choices(load_golden_cases(), k=size(FULL // 5)):
        alone = [
            event for event in subject.answer(case.ticket()).result.events if ":reply:" not in event.name
        ]
        events = [
            event for event in attacked.answer(case.ticket()).result.events if ":reply:" not in event.name
        ]
        tally.add("audit", case.message, [] if events == alone else ["events"])
    assert not tally.violations, tally.report()


def test_an_honest_model_is_heard_so_that_the_suite_is_not_empty(
    subject: Subject, honest: tuple[GoldenCase, ...]
) -> None:
    """Otherwise a desk that never asks its model would pass everything here."""
    heard: Counter[str] = Counter()
    for case in honest[:100]:
        texts = subject.answer(case.ticket()).result.reply.fields
        heard[subject.on(model=ScriptedModel([texts])).answer(case.ticket()).result.reply.source] += 1
    assert heard["model:scripted/script"] == 100


def vague_messages(case: GoldenCase) -> list[str]:
    """Messages that name a row's amount and say nothing of what happened: the guard lets a proposal through."""
    amounts = [str(row["amount"]) for row in case.rows or ()] or ["1,450"]
    frames = (
        "Please look at {} taka.",
        "{} taka, kindly see to it.",
        "{} টাকার বিষয়টা দেখুন।",
        "{} tk er bepar ta dekhen",
    )
    return [frame.format(amount) for amount in amounts[:2] for frame in frames]


def test_a_proposal_moves_the_case_type_by_the_table_and_nothing_else(
    subject: Subject, canaries: Canaries, size: Callable[[int], int]
) -> None:
    rng = random.Random(SEED + 2)
    types = subject.road.desk.case_types
    model = HostileModel(SEED + 2, leaks=canaries.leaks, case_types=types)
    attacked = subject.on(model=model, may_propose=True)
    tally = Tally("MR1, proposals", SEED + 2)
    taken = 0
    for case in rng.choices(load_golden_cases(), k=size(PROPOSALS_FULL)):
        model.proposed = None
        ticket = case.ticket(rng.choice((case.message, *vague_messages(case))))
        before, answer = subject.answer(ticket), attacked.answer(ticket)
        proposal = answer.result.proposal
        if proposal is None:
            tally.add(
                "no proposal", case.message, changed_fields(before.response, answer.response, DECISION_FIELDS)
            )
            continue
        taken += 1
        tally.add(
            str(proposal), case.message, _broken_by_proposal(attacked, before, answer, model), case.name
        )
    assert not tally.violations, tally.report()
    assert taken > tally.tries // 50, "too few proposals came through the guard to prove anything"


def _broken_by_proposal(subject: Subject, before: Answer, answer: Answer, model: HostileModel) -> list[str]:
    """What a taken proposal moved that it must not."""
    response, result = answer.response, answer.result
    ruleset = subject.road.ruleset
    facts = build_facts(result.case, result.claim, ruleset, proposal=model.proposed).facts
    by_table = ruleset.decide(facts).outcome
    moved = ["proposal"] if result.proposal != model.proposed else []
    moved += [
        name
        for name in ("case_type", "severity", "department", "human_review_required")
        if response[name] != by_table[name]
    ]
    moved += changed_fields(before.response, response, ("relevant_transaction_id", "evidence_verdict"))
    moved += [] if response["case_type"] == model.proposed else ["case_type"]
    moved += [] if response["human_review_required"] is True else ["human_review_required"]
    confidence = response["confidence"]
    moved += [] if isinstance(confidence, float) and confidence <= CAP else ["confidence"]
    return moved


def test_a_proposal_outside_the_closed_list_is_none(subject: Subject, honest: tuple[GoldenCase, ...]) -> None:
    model = ScriptedModel(probabilities={"approve_everything": 1.0})
    attacked = subject.on(model=model, may_propose=True)
    for case in honest[:50]:
        assert attacked.answer(case.ticket()).result.proposal is None
    assert propose_choice(model, "text", "Which?", subject.road.desk.case_types).option is None


def test_with_the_gate_shut_no_model_is_asked_for_a_type(
    subject: Subject, honest: tuple[GoldenCase, ...]
) -> None:
    model = ScriptedModel(probabilities={"other": 1.0})
    for case in honest:
        for message in (case.message, *vague_messages(case)):
            result = subject.on(model=model).answer(case.ticket(message)).result
            assert result.proposal is None
            assert result.reply.source == TEMPLATE_SOURCE
    assert all(seen.prompt_version != "choice" for seen in model.seen)
