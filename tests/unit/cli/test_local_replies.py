"""The replies of the bench: as many as there are things to say, on the roads of service, none unsafe."""

from casewright.adapters.scripted_model import Fails, ScriptedModel
from casewright.cli.local_replies import sales_lines, shop_lines

UNSAFE = {"message": "Please send us your PIN and OTP.", "rationale": "Because."}


def test_every_desk_has_replies_enough() -> None:
    assert len(shop_lines("orders", 1.0)) > 25
    assert len(shop_lines("returns", 1.0)) > 25
    assert len(sales_lines(1.0)) > 25


def test_where_no_model_answers_every_reply_is_the_templates() -> None:
    for reply in (*shop_lines("returns", 1.0)[:4], *sales_lines(1.0)[:4]):
        written = reply(ScriptedModel([Fails()]))
        assert (written.is_by_model, written.unsafe) == (False, ())


def test_an_unsafe_text_is_held_back_with_its_rule() -> None:
    for reply in (*shop_lines("orders", 1.0)[:2], *sales_lines(1.0)[:2]):
        written = reply(ScriptedModel([UNSAFE, {"message": UNSAFE["message"]}]))
        assert not written.is_by_model
        assert written.unsafe == ()
