"""The answer metrics, on rows small enough to count by hand."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from casewright.evaluation.answers.judges import RuleJudge
from casewright.evaluation.answers.metrics import Metric, mean_precision, score_row
from casewright.evaluation.answers.rows import AnsweredQuestion

RECORD = "Harbour Lane Foods has a spend of 120,000 BDT. Its account manager is Nadia Karim."
RULE = "A client with a spend under 150,000 is offered mobile app banners."
OTHER = "Opened software is not refunded."
ROW = AnsweredQuestion(
    row_id="1",
    question="What may Harbour Lane Foods be offered?",
    answer="Harbour Lane Foods has a spend of 120,000 BDT. A client with a spend under 150,000 is offered mobile app banners.",
    contexts=(RECORD, OTHER, RULE),
    ground_truth="Harbour Lane Foods has a spend of 120,000 BDT. A client with a spend under 150,000 is offered mobile app banners.",
    tools_called=("client_lookup", "playbook_search"),
    expected_tools=("playbook_search", "client_lookup"),
)


class Same:
    """Every two texts are half alike."""

    name = "half"

    def __call__(self, left: str, right: str) -> float:
        return 0.5


class Silent:
    """A judge that never answers."""

    name = "silent"

    def is_supported(self, statement: str, sources: Sequence[str]) -> bool | None:
        return None

    def is_useful(self, context: str, question: str, truth: Sequence[str]) -> bool | None:
        return None

    def questions_back(self, answer: str) -> tuple[str, ...] | None:
        return None


class Asking(RuleJudge):
    """A judge that writes two questions back."""

    def questions_back(self, answer: str) -> tuple[str, ...] | None:
        return ("What may be offered?", "Who is it?")


def value(row: AnsweredQuestion, metric: Metric) -> float | None:
    return score_row(row, RuleJudge(), Same()).values[metric]


def test_faithfulness_is_the_share_of_supported_claims() -> None:
    assert value(ROW, Metric.FAITHFULNESS) == 1.0
    invented = replace(ROW, answer=ROW.answer + " A rebate of 12 percent applies.")
    scored = score_row(invented, RuleJudge(), Same())
    assert scored.values[Metric.FAITHFULNESS] == pytest.approx(2 / 3)
    assert scored.unsupported == ("A rebate of 12 percent applies.",)


def test_context_precision_averages_over_useful_ranks() -> None:
    # Useful at ranks 1 and 3: (1/1 + 2/3) / 2.
    assert value(ROW, Metric.CONTEXT_PRECISION) == pytest.approx(5 / 6)
    assert mean_precision([False, True]) == 0.5
    assert mean_precision([False, False]) == 0.0


def test_expected_contexts_decide_precision_where_they_are_given() -> None:
    expected = replace(ROW, expected_contexts=(RULE,))
    assert value(expected, Metric.CONTEXT_PRECISION) == pytest.approx(1 / 3)


def test_context_recall_is_the_share_of_true_statements_in_the_contexts() -> None:
    assert value(ROW, Metric.CONTEXT_RECALL) == 1.0
    assert value(replace(ROW, contexts=(RECORD,)), Metric.CONTEXT_RECALL) == 0.5


def test_correctness_weighs_statements_and_similarity() -> None:
    # All true, none false or missed: 0.75 x 1 + 0.25 x 0.5.
    assert value(ROW, Metric.ANSWER_CORRECTNESS) == pytest.approx(0.875)
    # One true, none false, one missed: F1 = 1 / (1 + 0.5) = 2/3.
    short = replace(ROW, answer="Harbour Lane Foods has a spend of 120,000 BDT.")
    assert value(short, Metric.ANSWER_CORRECTNESS) == pytest.approx(0.75 * 2 / 3 + 0.125)
    wrong = replace(ROW, answer="Harbour Lane Foods has a spend of 320,000 BDT.")
    assert value(wrong, Metric.ANSWER_CORRECTNESS) == pytest.approx(0.125)


@pytest.mark.parametrize(
    ("called", "score"),
    [
        (("client_lookup", "playbook_search"), 1.0),
        (("client_lookup",), 0.5),
        (("client_lookup", "playbook_search", "web_search"), pytest.approx(2 / 3)),
        ((), 0.0),
    ],
)
def test_missing_and_needless_tools_both_cost(called: tuple[str, ...], score: float) -> None:
    assert value(replace(ROW, tools_called=called), Metric.TOOL_CORRECTNESS) == score


def test_no_tool_expected_and_none_called_is_right() -> None:
    row = replace(ROW, tools_called=(), expected_tools=())
    assert value(row, Metric.TOOL_CORRECTNESS) == 1.0


def test_relevancy_needs_a_judge_that_asks_back() -> None:
    assert value(ROW, Metric.ANSWER_RELEVANCY) is None
    assert score_row(ROW, Asking(), Same()).values[Metric.ANSWER_RELEVANCY] == 0.5
    evasive = replace(ROW, answer="I could not find anything about that.")
    assert score_row(evasive, Asking(), Same()).values[Metric.ANSWER_RELEVANCY] == 0.0
    assert score_row(evasive, RuleJudge(), Same()).values[Metric.QUESTION_COVER] == 0.0


def test_refusal_that_was_right_has_nothing_to_be_faithful_to() -> None:
    row = replace(ROW, answer="I only help with clients and the playbook.", is_irrelevant=True, contexts=())
    scored = score_row(row, RuleJudge(), Same())
    assert scored.values[Metric.FAITHFULNESS] is None
    assert scored.values[Metric.QUESTION_COVER] is None


def test_verdicts_that_fail_count_against_the_answer_and_are_counted() -> None:
    scored = score_row(ROW, Silent(), Same())
    assert scored.values[Metric.FAITHFULNESS] == 0.0
    assert scored.values[Metric.CONTEXT_RECALL] == 0.0
    # Two claims, three contexts, two true statements in the contexts, two claims and two truths compared.
    assert scored.failures == 2 + 3 + 2 + 2 + 2


def test_row_without_data_has_no_value() -> None:
    bare = AnsweredQuestion("1", "Who?", "Nadia Karim is.")
    values = score_row(bare, RuleJudge(), Same()).values
    known = {metric for metric, held in values.items() if held is not None}
    assert known <= {Metric.QUESTION_COVER}
