"""The exception tree. A business "no" is a value with a reason code, never one of these.

CasewrightError                 code, message for people
├── TerminalError               trying again cannot help
│   ├── MalformedRequest        the body is not what the contract says            (HTTP 400)
│   ├── MeaninglessRequest      well-formed, but nothing can be decided from it   (HTTP 422)
│   ├── NotAuthenticated        nobody has said who is asking                     (HTTP 401)
│   ├── NotPermitted            whoever asks may not do this, whatever it is about (HTTP 403)
│   ├── NotFound                there is no such thing, or it is another's        (HTTP 404)
│   ├── Conflict                something else happens, or has happened, first    (HTTP 409)
│   ├── TooLarge                over a stated limit                               (HTTP 413)
│   ├── PolicyError             a ruleset does not compile, or is not the locked one
│   ├── ConfigurationError      a setting is missing or wrong
│   └── Undeliverable           an outside service refused for good
└── RetryableError              the same call may succeed later
    ├── TooManyRequests         whoever asks has asked too often                  (HTTP 429)
    ├── Unavailable             something outside is gone or slow, and surely did nothing
    └── OutcomeUnknown          something outside may or may not have acted: ask it by key first
"""


class CasewrightError(Exception):
    """Root of all errors; `code` is stable, lower snake, and safe to show."""

    code = "error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class TerminalError(CasewrightError):
    """The same call fails again."""

    code = "terminal"


class MalformedRequest(TerminalError):
    code = "malformed_request"


class MeaninglessRequest(TerminalError):
    code = "meaningless_request"


class NotAuthenticated(TerminalError):
    code = "not_authenticated"


class NotPermitted(TerminalError):
    code = "not_permitted"


class NotFound(TerminalError):
    code = "not_found"


class Conflict(TerminalError):
    code = "conflict"


class TooLarge(TerminalError):
    code = "too_large"


class PolicyError(TerminalError):
    code = "policy_error"


class ConfigurationError(TerminalError):
    code = "configuration_error"


class Undeliverable(TerminalError):
    code = "undeliverable"


class RetryableError(CasewrightError):
    """The same call may succeed later."""

    code = "retryable"


class TooManyRequests(RetryableError):
    """`retry_after_s` says when it may be tried again."""

    code = "too_many_requests"

    def __init__(self, message: str, *, retry_after_s: int, code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.retry_after_s = retry_after_s


class Unavailable(RetryableError):
    code = "unavailable"


class OutcomeUnknown(RetryableError):
    code = "outcome_unknown"
