"""Problems of a request: named by field, never by what was sent."""

from casewright.api.problems import describe_invalid, error_responses, in_words, json_response


def problem(kind: str, *place: object, message: str = "") -> dict[str, object]:
    return {"type": kind, "loc": place, "msg": message}


def test_fields_are_named_with_what_is_wrong() -> None:
    found = [
        problem("missing", "body", "login"),
        problem("extra_forbidden", "body", "admin"),
        problem("string_type", "body", "lines", 0, "reason", message="Input should be a valid string"),
    ]
    assert describe_invalid(found) == (
        "body.login: is required; body.admin: there is no such field; "
        "body.lines.0.reason: Input should be a valid string"
    )


def test_names_that_the_caller_made_up_and_messages_that_quote_are_hidden() -> None:
    found = [
        problem("extra_forbidden", "body", "my PIN is 48213"),
        problem("extra_forbidden", "body", "x" * 41),
        problem("value_error", "body", "amount", message="Value error, 48213 is wrong"),
        problem("json_invalid", "body", 7, message="JSON decode error"),
    ]
    assert describe_invalid(found) == (
        "body.?: there is no such field; body.?: there is no such field; "
        "body.amount: is not allowed; body.7: is not JSON"
    )


def test_thousands_of_problems_are_told_briefly() -> None:
    text = describe_invalid([problem("missing", "body", f"f{number}") for number in range(1000)])
    assert text.count("is required") == 20
    assert text.endswith("; and 980 more")


def test_answers_are_never_stored() -> None:
    response = json_response(201, {"a": 1}, location="/a")
    assert (response.status_code, response.body) == (201, b'{"a":1}')
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["location"] == "/a"


def test_description_of_errors_has_the_one_shape() -> None:
    described = error_responses(401, 429)
    assert sorted(described) == [401, 429]
    schema = described[401]["content"]["application/json"]["schema"]
    assert schema["properties"]["error"]["required"] == ["code", "message", "request_id"]


def test_a_pattern_is_told_in_words_and_never_as_it_is() -> None:
    pattern = in_words(r"^[0-9]{3}$", "is three digits, such as 123")
    found: list[dict[str, object]] = [
        problem("string_pattern_mismatch", "body", "code", message=f"String should match pattern '{each}'")
        | {"ctx": {"pattern": each}}
        for each in (pattern, "^another$")
    ]
    assert describe_invalid(found) == (
        "body.code: is three digits, such as 123; body.code: is not written as it has to be"
    )


def test_a_body_that_is_no_object_is_said_to_be_none() -> None:
    found = [problem("model_attributes_type", "body", message="Input should be a valid dictionary or …")]
    assert describe_invalid(found) == "body: is not a JSON object"
