"""Drawings in the documentation are those of the tables that the code walks."""

from pathlib import Path

import pytest

from casewright.answering import ANSWERING
from casewright.runner import Graph
from casewright.service.rewording import REWORDING

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reflection.md"


@pytest.mark.parametrize("graph", [ANSWERING, REWORDING], ids=lambda graph: graph.name)
def test_the_page_shows_the_graph_as_it_is(graph: Graph) -> None:
    drawing = f"```mermaid\n{graph.draw()}```"
    assert drawing in PAGE.read_text("utf-8"), f"put this into {PAGE.name}:\n{drawing}"


@pytest.mark.parametrize("graph", [ANSWERING, REWORDING], ids=lambda graph: graph.name)
def test_nothing_acts_or_records_on_the_way_back(graph: Graph) -> None:
    assert graph.retry is not None
    review, writing = (graph.places[name] for name in graph.retry)
    assert {step.stage.value for step in graph.steps[writing : review + 1]} <= {"write", "review", "compute"}
    assert graph.most_tries == 3
