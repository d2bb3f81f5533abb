import hmac

import pytest

from casewright.adapters.journal.chain import GENESIS, ChainCheck, FaultKind, Head, seal, write_body

KEY = bytes(range(32))


def test_the_code_is_hmac_sha256_over_canonical_json_of_entry_place_and_code_before() -> None:
    entry = seal(KEY, Head("main", "case-1", 0, GENESIS), 17, "case:action:done", '{"a":1}')
    text = (
        '{"at":17,"body":{"a":1},"case_id":"case-1","name":"case:action:done",'
        f'"prev":"{"0" * 64}","seq":1,"tenant":"main"}}'
    )
    assert entry.mac == hmac.new(KEY, text.encode(), "sha256").hexdigest()


def test_the_next_entry_covers_the_code_before() -> None:
    first = seal(KEY, Head("main", "c", 0, GENESIS), 1, "x", "{}")
    second = seal(KEY, Head("main", "c", 1, first.mac), 1, "x", "{}")
    assert second.seq == 2
    text = f'{{"at":1,"body":{{}},"case_id":"c","name":"x","prev":"{first.mac}","seq":2,"tenant":"main"}}'
    assert second.mac == hmac.new(KEY, text.encode(), "sha256").hexdigest()


def test_a_body_is_the_same_text_whatever_the_order_of_its_names() -> None:
    assert (
        write_body({"b": [1, None, True], "a": "é"})
        == '{"a":"é","b":[1,null,true]}'
        == write_body({"a": "é", "b": [1, None, True]})
    )


@pytest.mark.parametrize("value", [1.5, {"a": [1.0]}, b"x", {1: 2}])
def test_a_body_holds_no_float_and_nothing_that_is_not_json(value: object) -> None:
    with pytest.raises(TypeError, match="ledger entry"):
        write_body({"value": value})


def test_a_fault_names_its_place() -> None:
    first = seal(KEY, Head("main", "c", 0, GENESIS), 1, "x", "{}")
    check = ChainCheck(KEY, {})
    check.walk([("main", "c", 1, 1, "x", '{"forged":1}', first.mac)])
    check.close([("main", "c", 1, first.mac)])
    (fault,) = check.faults
    assert (fault.kind, fault.tenant, fault.case_id, fault.seq) == (FaultKind.ALTERED, "main", "c", 1)


def test_one_altered_entry_is_one_fault_not_one_for_every_entry_behind_it() -> None:
    head, rows = Head("main", "c", 0, GENESIS), []
    for at in range(5):
        entry = seal(KEY, head, at, "x", "{}")
        head = Head("main", "c", entry.seq, entry.mac)
        rows.append(("main", "c", entry.seq, at + (at == 2), "x", "{}", entry.mac))
    check = ChainCheck(KEY, {})
    check.walk(rows)
    check.close([("main", "c", 5, head.mac)])
    assert [(fault.kind, fault.seq) for fault in check.faults] == [(FaultKind.ALTERED, 3)]


def test_a_head_that_lies_is_named() -> None:
    first = seal(KEY, Head("main", "c", 0, GENESIS), 1, "x", "{}")
    row = ("main", "c", 1, 1, "x", "{}", first.mac)
    for heads, kind in (
        ([], FaultKind.HEAD_WRONG),
        ([("main", "c", 2, first.mac)], FaultKind.TRUNCATED),
        ([("main", "c", 0, GENESIS)], FaultKind.HEAD_WRONG),
        ([("main", "c", 1, GENESIS)], FaultKind.HEAD_WRONG),
        ([("main", "c", 1, first.mac), ("main", "gone", 3, first.mac)], FaultKind.TRUNCATED),
    ):
        check = ChainCheck(KEY, {})
        check.walk([row])
        check.close(heads)
        assert [fault.kind for fault in check.faults] == [kind]
