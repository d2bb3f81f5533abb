"""The gauges of what is known show what was counted last, and ask nobody."""

from casewright.service.knowledge_metrics import KnowledgeNumbers
from casewright.service.metrics import Metrics


def test_gauges_show_what_was_counted_last() -> None:
    metrics = Metrics()
    numbers: list[KnowledgeNumbers | None] = [None]
    metrics.knowledge.watch(lambda: numbers[0])
    assert b"casewright_knowledge_stale_sources 0.0" in metrics.render()
    numbers[0] = KnowledgeNumbers(documents=17, stale=2, gaps=5)
    shown = metrics.render()
    assert b"casewright_knowledge_documents 17.0" in shown
    assert b"casewright_knowledge_stale_sources 2.0" in shown
    assert b"casewright_knowledge_gaps 5.0" in shown
