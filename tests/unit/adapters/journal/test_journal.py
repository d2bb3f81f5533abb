from casewright.adapters.journal.journal import retry_delay_s


def test_a_retry_waits_twice_as_long_each_time_up_to_five_minutes() -> None:
    assert [retry_delay_s(tries) for tries in (0, 1, 2, 5, 8, 9, 500)] == [1, 2, 4, 32, 256, 300, 300]
