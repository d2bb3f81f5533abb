"""Further wordings of account managers: what the answer must say, must not say, looks up and cites."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from sales_desk import build_road, converse

from casewright.adapters.store.engine import open_database
from casewright.answering import AnswerRoad
from casewright.evaluation.answers.records import describe_client
from casewright.evaluation.answers.statements import split_claims
from casewright.evaluation.answers.support import is_supported_by
from casewright.service.knowledge import open_knowledge
from casewright.settings import load_settings

WORDINGS = yaml.safe_load((Path(__file__).parent / "sales_wordings.yaml").read_text("utf-8"))
TOOLS = {"c": "client_lookup", "p": "playbook_search"}


@pytest.fixture(scope="module")
def road(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AnswerRoad]:
    home: Path = tmp_path_factory.mktemp("sales")
    database = open_database(f"sqlite:///{home}/casewright.db")
    knowledge = open_knowledge(load_settings(home=home, embedder="none"), database)
    knowledge.prepare("main")
    yield build_road(search=knowledge.retrieval("main").search)
    knowledge.close()
    database.close()


def test_set_is_large() -> None:
    assert len(WORDINGS) >= 60


@pytest.mark.parametrize("case", WORDINGS, ids=[case["q"] for case in WORDINGS])
def test_wording_is_answered_as_it_is_meant(case: dict[str, Any], road: AnswerRoad) -> None:
    result = converse(case.get("after", ()), case["q"], road)
    message = result.draft.message
    assert result.draft.tools_used == tuple(TOOLS[tool] for tool in case["tools"])
    assert message.startswith(case.get("begins", "")), message
    assert [part for part in case.get("must", ()) if part.lower() not in message.lower()] == [], message
    assert [part for part in case.get("forbid", ()) if part.lower() in message.lower()] == [], message
    assert not result.reviewed.is_fallback
    cited = {citation.document_id.partition(":")[0] for citation in result.draft.citations}
    assert cited == {{"c": "client", "p": "sales"}[tool] for tool in case.get("cites", case["tools"])}
    heads = {
        found.passage.heading_path[-1]
        for found in result.looked_up.retrieved.found
        if found.citation in result.draft.citations and found.passage.heading_path
    }
    assert set(case.get("heads", ())) <= heads
    assert heads == set(case.get("only", heads))


@pytest.mark.parametrize("case", WORDINGS, ids=[case["q"] for case in WORDINGS])
def test_every_claim_of_an_answer_is_supported(case: dict[str, Any], road: AnswerRoad) -> None:
    result = converse(case.get("after", ()), case["q"], road)
    if result.draft.is_irrelevant:
        return
    passages = [found.passage.text for found in result.looked_up.retrieved.found]
    contexts = [*map(describe_client, result.looked_up.clients), "\n".join(result.evidence), *passages]
    claims = split_claims(result.draft.message)
    assert [claim for claim in claims if not is_supported_by(claim, contexts)] == []
