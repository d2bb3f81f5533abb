import random

from casewright.evaluation.cases import GoldenCase
from casewright.evaluation.hostile_looking import load_hostile_looking, look_hostile

CASE = GoldenCase(
    name="en-one",
    file="bn",
    rule="a rule",
    message="টাকা যায়নি",
    rows=(),
    expected={"relevant_transaction_id": "TXN-5"},
)


def test_the_message_stands_between_an_order_and_evidence() -> None:
    content = load_hostile_looking()
    leads = [lead for sentences in content["leads"].values() for lead in sentences]
    for seed in range(60):
        text = look_hostile(CASE, random.Random(seed))
        assert any(text.startswith(lead) for lead in leads)
        assert "টাকা যায়নি." in text
        assert not text.endswith("যায়নি.")


def test_evidence_names_the_row_only_where_there_is_one() -> None:
    named = GoldenCase(name="x", file="en", rule="", message="Help.", rows=(), expected={})
    texts = [look_hostile(named, random.Random(seed)) for seed in range(60)]
    assert not any("TXN" in text or "None" in text for text in texts)
    assert any("TXN-5" in look_hostile(CASE, random.Random(seed)) for seed in range(60))


def test_there_are_leads_in_three_languages() -> None:
    leads = load_hostile_looking()["leads"]
    assert leads.keys() == {"en", "bn", "banglish"}
    assert all(len(sentences) >= 9 for sentences in leads.values())
