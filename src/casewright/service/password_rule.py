"""The rule for passwords: long enough, and not one of those that are guessed first. It hashes nothing."""

from casewright.domain.errors import MeaninglessRequest

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1024
_GUESSED_FIRST = ("password", "casewright", "change-me", "changeme", "administrator", "123456789", "qwerty")
_FEWEST_OTHER_CHARACTERS = 6


def check_password(password: str, login: str = "") -> None:
    """Raises MeaninglessRequest for one too short, too long, or little more than a word guessed first."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise MeaninglessRequest(
            f"password: {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters.", code="weak_password"
        )
    rest = password.casefold()
    for word in (*_GUESSED_FIRST, login.casefold()):
        rest = rest.replace(word, "") if word else rest
    if len(set(rest)) < _FEWEST_OTHER_CHARACTERS:
        raise MeaninglessRequest(
            "password: this one is guessed soon; take several words, or draw one: openssl rand -base64 18",
            code="weak_password",
        )
