from casewright.adapters.gateway.breaker import Breaker, Permit


def entered(breaker: Breaker, now_s: float) -> Permit:
    permit = breaker.enter(now_s)
    assert permit is not None
    return permit


def opened(now_s: float = 0.0) -> Breaker:
    breaker = Breaker(cool_down_s=30)
    for _ in range(2):
        breaker.fail(entered(breaker, now_s), now_s)
    return breaker


def test_one_failure_leaves_it_closed() -> None:
    breaker = Breaker()
    breaker.fail(entered(breaker, 0), 0)
    assert breaker.may_enter(0)


def test_two_failures_in_a_row_open_it_for_the_cool_down() -> None:
    breaker = opened()
    assert breaker.enter(29.9) is None
    assert breaker.enter(30) is not None


def test_a_success_between_two_failures_keeps_it_closed() -> None:
    breaker = Breaker()
    breaker.fail(entered(breaker, 0), 0)
    breaker.succeed(entered(breaker, 0))
    breaker.fail(entered(breaker, 0), 0)
    assert breaker.may_enter(0)


def test_half_open_lets_one_probe_through() -> None:
    breaker = opened()
    assert entered(breaker, 30).probe_due_s == 30
    assert breaker.enter(30) is None


def test_a_good_probe_closes() -> None:
    breaker = opened()
    breaker.succeed(entered(breaker, 30))
    assert entered(breaker, 30).probe_due_s is None
    assert breaker.enter(30) is not None


def test_a_bad_probe_opens_again_at_once() -> None:
    breaker = opened()
    breaker.fail(entered(breaker, 30), 31)
    assert breaker.enter(60.9) is None
    assert breaker.enter(61) is not None


def test_a_probe_that_was_not_made_is_given_back() -> None:
    breaker = opened()
    breaker.leave(entered(breaker, 30))
    assert breaker.enter(30) is not None


def test_a_rate_limit_opens_for_what_was_asked() -> None:
    breaker = Breaker()
    breaker.limit(100, 20)
    assert breaker.enter(119.9) is None
    assert breaker.enter(120) is not None


def test_a_rate_limit_never_opens_for_more_than_a_minute() -> None:
    breaker = Breaker()
    breaker.limit(0, 3600)
    assert breaker.enter(59.9) is None
    assert breaker.enter(60) is not None


def test_a_rate_limit_without_a_time_opens_for_a_minute() -> None:
    breaker = Breaker()
    breaker.limit(0, None)
    assert breaker.enter(59.9) is None
    assert breaker.enter(60) is not None


def test_a_late_answer_from_before_it_opened_changes_nothing() -> None:
    breaker = Breaker(cool_down_s=30)
    early = entered(breaker, 0)
    breaker.limit(0, 20)
    breaker.succeed(early)
    breaker.fail(early, 5)
    assert breaker.enter(19.9) is None
    assert breaker.enter(20) is not None


def test_a_probe_that_never_reports_makes_room_for_another_after_the_cool_down() -> None:
    breaker = opened()
    entered(breaker, 30)
    assert breaker.enter(59.9) is None
    assert breaker.enter(60) is not None


def test_a_rate_limited_probe_waits_as_long_as_it_was_told() -> None:
    breaker = opened()
    entered(breaker, 30)
    breaker.limit(31, 5)
    assert breaker.enter(35.9) is None
    assert breaker.enter(36) is not None
