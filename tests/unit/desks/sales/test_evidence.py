from sales_desk import ask, build_road, read_cases

from casewright.evaluation.answers.statements import split_statements
from casewright.evaluation.answers.support import is_supported_by

ROAD = build_road()
QUESTIONS = [
    case["q"] for case in read_cases("questions") if "after" not in case and case["kind"] != "off_topic"
]


def test_evidence_holds_the_record_and_the_decision() -> None:
    evidence = " ".join(ask("What should I pitch to Northlight Foods?", ROAD).evidence)
    for text in (
        "The client id of Northlight Foods is C-101.",
        "Formats that are open for Northlight Foods: mobile app banners.",
        "Under 150k, pitch only mobile app banners",
    ):
        assert text in evidence


def test_what_a_record_does_not_say_is_said_to_be_missing() -> None:
    evidence = " ".join(ask("spend of Marigold Stores", ROAD).evidence)
    assert "The record of Marigold Stores does not say the spend." in evidence


def test_off_topic_question_has_no_evidence() -> None:
    assert ask("What is the weather today?", ROAD).evidence == ()


def test_nearly_every_sentence_of_an_answer_is_supported() -> None:
    verdicts = {}
    for question in QUESTIONS:
        result = ask(question, ROAD)
        for sentence in split_statements(result.draft.message):
            if "playbook" not in sentence.lower():
                verdicts[sentence] = is_supported_by(sentence, ["\n".join(result.evidence)])
    assert sum(verdicts.values()) >= 0.97 * len(verdicts), [one for one in verdicts if not verdicts[one]]
