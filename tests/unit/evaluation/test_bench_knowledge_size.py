"""The bench of large corpora runs, and says what it measured."""

import pytest
from toy_embedder import ToyEmbedder

from casewright.evaluation.bench_knowledge_size import KnowledgeSizes, run_size_bench


def test_a_small_run_measures_ingest_and_both_searches() -> None:
    pytest.importorskip("usearch", reason="pip install 'casewright[knowledge]'")
    sizes = KnowledgeSizes(passages=120, real=3, rounds=1, asked=2)
    measures = run_size_bench(ToyEmbedder(), sizes)
    assert [each.group for each in measures] == [
        *["Ingest"] * 2,
        *["Exact search"] * 4,
        *["HNSW search"] * 6,
    ]
    assert all(each.value >= 0 for each in measures)
    assert [each.bar for each in measures if each.bar] == ["≥ 15 passages/s", "≤ 60 ms", "≤ 15 ms"]
