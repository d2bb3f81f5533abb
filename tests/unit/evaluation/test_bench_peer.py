"""The trivial endpoint: it takes every golden ticket, and refuses what is not typed."""

from starlette.testclient import TestClient

from casewright.evaluation.bench_peer import PATH, build_peer
from casewright.evaluation.cases import honest_cases


def test_it_takes_every_ticket_of_the_bench() -> None:
    with TestClient(build_peer()) as client:
        for case in honest_cases():
            answer = client.post(PATH, json=case.ticket())
            assert answer.status_code == 200, answer.text
            assert answer.json() == {"ticket_id": "T-1001", "rows": len(case.rows or ())}


def test_it_is_typed() -> None:
    with TestClient(build_peer()) as client:
        assert client.post(PATH, json={"ticket_id": 7, "complaint": "x"}).status_code == 422
