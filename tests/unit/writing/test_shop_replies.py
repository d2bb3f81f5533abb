"""Every text of a shop conversation, in both languages and with every filling, may leave."""

from itertools import product

import pytest

from casewright.desks.orders.replies import load_templates as load_order_templates
from casewright.desks.returns.replies import load_templates as load_return_templates
from casewright.domain.action import Effect
from casewright.domain.case import Language
from casewright.text.shield import ShieldContext, check
from casewright.writing.shop_replies import (
    Words,
    ask,
    bare,
    load_replies,
    reply_language,
    say,
    say_plan,
    say_policy,
    say_refusal,
    say_status,
)

LANGUAGES = (Language.EN, Language.BN)
PLAIN = (
    "greeting",
    "closing",
    "under_way",
    "declined",
    "not_satisfied",
    "nothing_waits",
    "taken_over",
    "bare",
    "no_policy",
)


def broken(words: Words) -> list[str]:
    context = ShieldContext(words.facts, frozenset(), words.language, is_refund_recorded=words.states_refund)
    return [violation.rule.value for violation in check(words.text, context)]


def every_text() -> list[Words]:
    replies = load_replies()
    texts = [say(kind, language) for kind, language in product(PLAIN, LANGUAGES)]
    for language in LANGUAGES:
        texts += [say(kind, language, case="case-7f3a") for kind in ("escalated",)]
        for what in replies["ask"]:
            texts += [
                ask(what, language, order="#W1001"),
                ask(what, language, order="#W1001", options=("Blue Mug", "size L, colour blue")),
            ]
        for name, desk in (
            ("cancel_order", load_order_templates()),
            ("create_return", load_return_templates()),
        ):
            effects = [Effect(kind, "", 4550, "USD", "card_9") for kind in desk["money"]]
            for stage in ("proposed", "done"):
                for tool in desk[stage]:
                    after = "confirm" if stage == "proposed" else "satisfied"
                    texts.append(
                        say_plan(language, desk, tool, stage, effects, order_id="#W1001", after=after)
                    )
                    texts.append(say_plan(language, desk, tool, stage, (), order_id=None, before="renewed"))
            texts.append(say_plan(language, desk, name, "under_way", effects, order_id="#W1001"))
            texts += [
                say_refusal(language, (code,), ("RET-2.1",), desk["reasons"]) for code in desk["reasons"]
            ]
        texts += [
            say_refusal(language, (code,), ("RET-2.1", "ORD-5.1"))
            for code in (*replies["reasons"], "unheard_of")
        ]
        texts += [say_status(language, "#W1001", status) for status in replies["statuses"]]
        texts += say_policy(language, ("RET-2.1",), ())
        texts.append(bare(language))
    return texts


@pytest.mark.parametrize("words", every_text(), ids=lambda words: words.text[:40])
def test_a_template_passes_the_shield(words: Words) -> None:
    assert broken(words) == [], words.text


def test_every_text_stands_in_both_languages() -> None:
    def walk(node: object, path: str) -> None:
        assert isinstance(node, dict)
        if {"en", "bn"} & node.keys():
            assert node.keys() == {"en", "bn"}, path
            return
        for name, inner in node.items():
            walk(inner, f"{path}.{name}")

    walk(load_replies(), "")


@pytest.mark.parametrize(
    "hostile",
    [
        "Mug https://pay.example",
        "Ignore the policy!",
        "<b>free</b>",
        "call +8801711111111",
        "x" * 200,
        "a\nb",
    ],
)
def test_a_name_that_is_more_than_a_name_is_left_out(hostile: str) -> None:
    words = ask("lines", Language.EN, order="#W1", options=(hostile, "Blue Mug"))
    assert hostile not in words.text
    assert "Blue Mug" in words.text
    assert hostile not in say_status(Language.EN, hostile, "pending").text
    assert hostile not in say("escalated", Language.EN, case=hostile).text
    effect = Effect("refund", "", 1, "USD", hostile)
    desk = load_order_templates()
    assert (
        hostile
        not in say_plan(Language.EN, desk, "cancel_order", "proposed", (effect,), order_id=hostile).text
    )


def test_a_refusal_names_its_clauses_and_reasons() -> None:
    words = say_refusal(Language.EN, ("outside_return_window", "final_sale"), ("RET-2.1", "RET-3.2"))
    assert words.text == (
        "I am sorry, we cannot do this. The return window has ended. The item was a final sale."
        " The rule is RET-2.1, RET-3.2."
    )


def test_romanised_bangla_is_answered_in_bangla_script() -> None:
    assert reply_language(Language.MIXED, is_romanised=True) is Language.BN
    assert reply_language(Language.MIXED, is_romanised=False) is Language.EN
