"""A reply in a model's words: the decision's sentences stay, and the template is never lost."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any, cast

import pytest

from casewright.adapters.scripted_model import ScriptedModel
from casewright.domain.case import Language
from casewright.domain.reply import TEMPLATE_SOURCE
from casewright.evaluation.subject import stand_still
from casewright.ports.text_model import TextModel
from casewright.service.metrics import Metrics
from casewright.service.rewording import REWORDING, Rewording
from casewright.writing import shop_replies
from casewright.writing.shop_replies import Words

ASK = shop_replies.ask("order", Language.EN)
REFUSED = shop_replies.say_refusal(Language.EN, ("outside_return_window",), ("RET-2.1",))


def reword(words: Words, *texts: str, is_settled: bool = False) -> Words:
    model = ScriptedModel([{"message": text} for text in texts])
    return Rewording(model, stand_still)(words, "Where is it?", is_settled=is_settled)


def test_an_honest_question_leaves_in_the_model_s_words() -> None:
    text = "Thank you for writing. Which order is it about? Please write its number."
    left = reword(ASK, text)
    assert (left.text, left.source) == (text, "model:scripted/script")


def test_sentences_of_a_decision_stay_word_for_word() -> None:
    text = f"I know this is not what you hoped for. {REFUSED.text}"
    assert reword(REFUSED, text, is_settled=True).text == text
    shorter = "We cannot do this. The rule is RET-2.1."
    left = reword(REFUSED, shorter, shorter, shorter, is_settled=True)
    assert (left.text, left.source) == (REFUSED.text, TEMPLATE_SOURCE)
    assert len(left.tries) == 3


def test_a_second_try_may_mend_the_first() -> None:
    left = reword(ASK, "Please write to us again.", f"Hello. {ASK.text}")
    assert left.text == f"Hello. {ASK.text}"
    assert [bool(one.findings) for one in left.tries] == [True, False]


def test_a_question_stays_a_question_and_facts_stay_in() -> None:
    lines = shop_replies.ask("lines", Language.EN, order="ORD-1001", options=("Blue kettle", "Red mug"))
    assert reword(lines, "Tell us which item it is.").source == TEMPLATE_SOURCE
    kept = f"Of course. {lines.text}"
    assert reword(lines, kept).text == kept


def test_an_unsafe_text_is_replaced_at_once_and_not_asked_for_again() -> None:
    left = reword(ASK, "Please send your OTP.", f"Hello. {ASK.text}")
    assert (left.text, left.source) == (ASK.text, TEMPLATE_SOURCE)
    assert len(left.tries) == 1


def test_rules_that_a_model_broke_are_counted() -> None:
    metrics = Metrics()
    model = ScriptedModel([{"message": "Please send your OTP."}])
    Rewording(model, stand_still, count=metrics.record_tries)(ASK, "hi", is_settled=False)
    assert b'casewright_blocked_texts_total{rule="credential_ask"} 1.0' in metrics.render()


@pytest.mark.parametrize("language", [Language.EN, Language.BN])
def test_a_model_without_an_answer_leaves_the_template(language: Language) -> None:
    words = shop_replies.say("greeting", language)
    left = Rewording(ScriptedModel([]), stand_still)(words, "hi", is_settled=False)
    assert (left.text, left.source) == (words.text, TEMPLATE_SOURCE)


def test_a_model_that_hangs_costs_the_deadline_and_no_more() -> None:
    held = Event()

    class Hanging:
        def write(self, *_: Any, **__: Any) -> None:
            held.wait(30)

    with ThreadPoolExecutor(1) as pool:
        words = Rewording(cast(TextModel, Hanging()), stand_still, deadline_s=0.02, submit=pool.submit)(
            ASK, "hi", is_settled=False
        )
        held.set()
    assert words.text == ASK.text


def test_the_way_back_leads_from_the_review_to_the_writing_alone() -> None:
    assert REWORDING.retry == ("review", "write")
    assert [step.name for step in REWORDING.steps] == ["template", "write", "review"]
