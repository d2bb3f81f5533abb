"""Counters of outreach: by closed labels, money once."""

from prometheus_client import CollectorRegistry, generate_latest

from casewright.service.retention_metrics import RetentionMetrics


def test_live_answers_count_their_money_and_replays_do_not() -> None:
    registry = CollectorRegistry()
    metrics = RetentionMetrics(registry)
    live = {
        "is_live": True,
        "outcome": "contact",
        "policy": {"source": "learned", "arm": "champion"},
        "reserved_minor": 700,
    }
    metrics.record(live, is_replayed=False)
    metrics.record(live, is_replayed=True)
    metrics.record({**live, "is_live": False, "reserved_minor": 0}, is_replayed=False)
    text = generate_latest(registry).decode()
    for mode in ("live", "replayed", "dry"):
        labels = f'arm="champion",mode="{mode}",outcome="contact",source="learned"'
        assert f"casewright_outreach_decisions_total{{{labels}}} 1.0" in text
    assert "casewright_outreach_reserved_minor_total 700.0" in text
