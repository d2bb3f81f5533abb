"""What text models try is counted by configured names; what a server calls itself is no label."""

from casewright.adapters.gateway.gateway import Gateway
from casewright.adapters.gateway.providers import Provider, ProviderKind
from casewright.adapters.redis_link import open_redis_link
from casewright.adapters.scripted_model import Fails, ScriptedEngine
from casewright.ports.text_model import Attempt, AttemptOutcome, Message, Role
from casewright.service.metrics import Metrics
from casewright.writing.prompts import TextField, texts_output

ASK = (Message(Role.USER, "A case."),)
OUTPUT = texts_output((TextField("reply", "To the customer.", 100),))


def test_attempts_tokens_cost_and_time_are_counted_by_provider() -> None:
    metrics = Metrics()
    metrics.text.record(Attempt("groq", "llama", AttemptOutcome.ANSWERED, 100, 20, 7, 300, "llama-v7"))
    metrics.text.record(Attempt("groq", "llama", AttemptOutcome.SKIPPED_BUSY))
    text = metrics.render().decode()
    named = 'model="llama"'
    assert f'casewright_text_attempts_total{{{named},outcome="answered",provider="groq"}} 1.0' in text
    assert f'casewright_text_attempts_total{{{named},outcome="skipped_busy",provider="groq"}} 1.0' in text
    assert f'casewright_text_tokens_total{{direction="out",{named},provider="groq"}} 20.0' in text
    assert f'casewright_text_cost_micros_total{{{named},provider="groq"}} 7.0' in text
    assert f'casewright_text_seconds_count{{{named},provider="groq"}} 1.0' in text
    assert "llama-v7" not in text


def test_a_provider_that_is_left_alone_is_down() -> None:
    metrics = Metrics()
    engine = ScriptedEngine([Fails()])
    gateway = Gateway([Provider("p", "m", kind=ProviderKind.SCRIPTED, engine=engine)])
    metrics.text.watch(gateway)
    up = 'casewright_text_provider_up{model="m",provider="p"}'
    assert f"{up} 1.0" in metrics.render().decode()
    for _ in range(2):
        gateway.write(ASK, OUTPUT, prompt_version="t.v1")
    assert f"{up} 0.0" in metrics.render().decode()


def test_an_outage_of_redis_is_counted_under_what_it_serves() -> None:
    metrics = Metrics()
    assert "redis" not in "".join(line for line in metrics.render().decode().splitlines() if line[:1] != "#")
    link = open_redis_link("redis://127.0.0.1:9/0")
    metrics.text.watch_redis(link, "budgets")
    assert 'casewright_redis_up{use="budgets"} 1.0' in metrics.render().decode()
    link.run(lambda client: client.ping(), lambda: None)
    text = metrics.render().decode()
    assert 'casewright_redis_up{use="budgets"} 0.0' in text
    assert 'casewright_redis_failures_total{use="budgets"} 1.0' in text


def test_the_version_of_a_writer_is_no_label() -> None:
    metrics = Metrics()
    answer = {"case_type": "other", "evidence_verdict": "consistent", "human_review_required": False}
    metrics.record_case(answer, "model:groq/small@small-2026", (), 0.1)
    metrics.record_case(answer, "model:groq/small", (), 0.1)
    text = metrics.render().decode()
    assert 'text_source="model:groq/small",verdict="consistent"} 2.0' in text
    assert "2026" not in text
