"""The desk's words: safe templates by type, verdict and language, filled from the record only. Pure.

What a template may state is exactly what is handed back as the whitelist. An id or counterparty that does not
look like one (a caller may send anything) is not repeated: the text then speaks of "the transaction".
"""

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources

from casewright.desk import Investigation, TextFields, TextPurpose
from casewright.domain.case import Case, Language
from casewright.domain.decision import Decision
from casewright.domain.money import format_minor
from casewright.domain.record import Record, RecordKind, RecordStatus
from casewright.investigation.claims import Claim
from casewright.language.data_files import read_yaml
from casewright.text.shield import CREDENTIAL_WARNING

_PLAIN_ID = re.compile(r"(?=.*[0-9-])[A-Za-z0-9][A-Za-z0-9_.:#/-]{0,39}\Z")
_PLAIN_COUNTERPARTY = re.compile(
    r"(?:\+[0-9]{7,15}|(?:0|880)[0-9]{6,12}|[A-Z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)+)\Z"
)
_LONG_DIGITS = re.compile(r"[0-9]{12,}|[0-9]{4}(?:[^0-9A-Za-z][0-9]{4}){3}")
_CREDENTIAL = re.compile(
    r"(?<![a-z])(?:pin|otp|cvv|cvc|pass|password|passcode|pwd|code|secret|token|card|key)[0-9]*(?![a-z])"
)
"""In small letters; what is looked through is ASCII."""
AGENT_SUMMARY, NEXT_ACTION, CUSTOMER_REPLY = "agent_summary", "recommended_next_action", "customer_reply"
TEXT_FIELDS = (
    TextPurpose(
        AGENT_SUMMARY, "One or two sentences for the agent: what is claimed, what the records show.", "agent"
    ),
    TextPurpose(NEXT_ACTION, "One sentence: what the agent should do next.", "agent"),
    TextPurpose(
        CUSTOMER_REPLY,
        "A short, kind reply to the customer that ends with the warning not to share PIN or OTP with anyone.",
        "customer",
        (CREDENTIAL_WARNING,),
    ),
)


@cache
def load_templates() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """The packaged templates."""
    text = resources.files("casewright.desks.disputes").joinpath("replies.yaml").read_text("utf-8")
    templates: Mapping[str, Mapping[str, Mapping[str, str]]] = read_yaml(text)
    return templates


def reply_language(case: Case, claim: Claim) -> Language:
    """Bangla script for Bangla, romanised too; otherwise English. The hint decides nothing."""
    if claim.language is Language.BN or claim.is_romanised:
        return Language.BN
    return Language.EN


def write_templates(
    case: Case, claim: Claim, investigation: Investigation, decision: Decision, *, is_bare: bool = False
) -> TextFields:
    """The three text fields for a decision, and the facts they may state."""
    templates = load_templates()
    verdict = str(decision.outcome["evidence_verdict"])
    texts: object = templates[str(decision.outcome["case_type"])][verdict]
    if texts == "same_as_consistent":
        texts = templates[str(decision.outcome["case_type"])]["consistent"]
    record = investigation.match.record
    if record is None and verdict != "insufficient_data":
        texts = templates["other"]["insufficient_data"]
    if not isinstance(texts, Mapping):
        raise TypeError("replies.yaml: every verdict holds four texts")
    language = reply_language(case, claim)
    shown = None if is_bare else record
    shown_id = shown.record_id if shown is not None and is_plain_id(shown.record_id) else None
    en, whitelist = _slots(shown, shown_id)
    if language is Language.EN:
        reply = texts["en"].format_map(en)
    else:
        reply = texts["bn"].format_map(en | {"transaction": _transaction(shown_id, language)})
    return TextFields(
        fields={
            AGENT_SUMMARY: _capitalised(texts["summary"].format_map(en)),
            NEXT_ACTION: _capitalised(texts["action"].format_map(en)),
            CUSTOMER_REPLY: f"{_capitalised(reply)} {templates['warning'][language.value]}",
        },
        whitelist=whitelist,
        language=language,
        is_refund_recorded=record is not None and _is_refund(record),
    )


def _slots(record: Record | None, shown_id: str | None) -> tuple[dict[str, str], frozenset[str]]:
    """What fills the templates in English, and the facts in it; only the transaction has a Bangla form."""
    slots = {
        "transaction": _transaction(shown_id, Language.EN),
        "amount": "an unknown amount",
        "counterparty": "the counterparty",
        "status": "unknown",
    }
    if record is None:
        return slots, frozenset()
    whitelist: set[str] = set()
    if shown_id is not None:
        whitelist.add(shown_id)
    if record.amount is not None:
        amount = slots["amount"] = str(record.amount)
        whitelist.update((amount, format_minor(record.amount.minor)))
    if record.counterparty and _is_plain_counterparty(record.counterparty):
        slots["counterparty"] = record.counterparty
        whitelist.add(record.counterparty)
    if record.status is not None:
        status = slots["status"] = record.status.value
        whitelist.add(status)
    return slots, frozenset(whitelist)


def _transaction(shown_id: str | None, language: Language) -> str:
    templates, key = load_templates(), language.value
    if shown_id is None:
        return str(templates["the_transaction"][key])
    return str(templates["transaction"][key]).format(id=shown_id)


def _is_refund(record: Record) -> bool:
    is_paid = record.kind is RecordKind.REFUND and record.status is RecordStatus.COMPLETED
    return is_paid or record.status is RecordStatus.REVERSED


def is_plain_id(text: str) -> bool:
    """Whether a caller's id looks like an id, and like nothing that could be a secret or a sentence."""
    return (
        bool(_PLAIN_ID.match(text)) and not _LONG_DIGITS.search(text) and not _CREDENTIAL.search(text.lower())
    )


def _is_plain_counterparty(text: str) -> bool:
    """A phone number, or a name such as MERCHANT-7; nothing called a credential, and no card number."""
    if not _PLAIN_COUNTERPARTY.match(text):
        return False
    if text[0].isdigit() or text[0] == "+":
        return True
    return not _CREDENTIAL.search(text.lower()) and not _LONG_DIGITS.search(text)


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
