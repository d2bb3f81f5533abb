"""Two judges on the same items."""

from casewright.adapters.scripted_model import ScriptedModel
from casewright.evaluation.answers.judges import RuleJudge
from casewright.evaluation.answers.model_judge import ModelJudge
from casewright.evaluation.answers.second_opinion import Witnessed


def test_first_judge_decides_and_both_are_remembered() -> None:
    model = ModelJudge(ScriptedModel([{"verdict": "yes"}]), "scripted")
    witnessed = Witnessed(model, RuleJudge())
    assert witnessed.is_supported("Lamps cost 5.", ["Lamps cost 7."]) is True
    assert witnessed.is_useful("Lamps cost 5.", "What do lamps cost?", ["Lamps cost 5."]) is True
    assert (witnessed.verdicts, witnessed.others) == ([True, True], [False, True])
    assert witnessed.name == model.name


def test_without_another_nothing_is_compared() -> None:
    witnessed = Witnessed(RuleJudge(), None)
    assert witnessed.is_supported("Lamps cost 5.", ["Lamps cost 5."]) is True
    assert witnessed.questions_back("I could not find anything.") == ()
    assert witnessed.verdicts == []
