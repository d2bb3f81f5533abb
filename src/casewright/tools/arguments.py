"""Arguments: what a caller may hand to a tool, validated at the edge and turned into canonical documents.

A tool's arguments are a pydantic model that forbids extra fields. Fields marked `Personal` go to the vault
before anything is stored, traced or planned; what goes on from here holds the token in their place. Nothing
here reads a record.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, core_schema

from casewright.domain.errors import MeaninglessRequest

Document = Mapping[str, Any]
"""Canonical JSON values: strings, integers, booleans, None, lists and maps of them."""

MOST_ITEMS = 100
_IDENTIFIER = re.compile(r"[A-Za-z0-9#][A-Za-z0-9_.:#/-]{0,63}")
_LINE = re.compile(r"[^\x00-\x1f\x7f\u2028\u2029\ud800-\udfff]*")
_IDENTIFIER_SCHEMA = {"type": "string", "pattern": r"^[A-Za-z0-9#][A-Za-z0-9_.:#/-]{0,63}(?!\n)$"}
_LINE_PATTERN = r"^[^\u0000-\u001f\u007f\u2028\u2029]*(?!\n)$"


def check_identifier(value: str) -> str:
    """An id of ours or of the shop's. Raises ValueError."""
    if not _IDENTIFIER.fullmatch(value):
        raise ValueError("an id has 1 to 64 letters, digits or the marks _ . : # / -")
    return value


def _check_line(value: str) -> str:
    if not _LINE.fullmatch(value):
        raise ValueError("write one line without control characters")
    return value


def identifier_schema() -> dict[str, str]:
    """The published form of an id."""
    return dict(_IDENTIFIER_SCHEMA)


Identifier = Annotated[str, AfterValidator(check_identifier), WithJsonSchema(_IDENTIFIER_SCHEMA)]
"""An id of ours or of the shop's: `#W1001`, `card-7`."""


@dataclass(frozen=True, slots=True)
class LineOfText:
    """Marks a text field as one line of so many characters."""

    most: int
    least: int = 0

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(
            _check_line, core_schema.str_schema(min_length=self.least, max_length=self.most, strict=True)
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {
            "type": "string",
            "minLength": self.least,
            "maxLength": self.most,
            "pattern": _LINE_PATTERN,
        }


def _read_whole(value: object) -> object:
    """JSON knows one kind of number: 20.0 is 20."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


WHOLE = BeforeValidator(_read_whole)
"""Marks an integer, behind its bounds, as JSON means one."""


@dataclass(frozen=True, slots=True)
class Personal:
    """Marks a field whose value is a customer's personal datum of that kind: only its token travels on."""

    kind: str


@dataclass(frozen=True, slots=True)
class Said:
    """Marks a text that somebody wrote: it is kept redacted, without what is known of its customer."""


class Arguments(BaseModel):
    """The arguments of one tool. Unknown fields are refused, and types are not bent to fit."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)


class PostalAddress(Arguments):
    """Where goods go."""

    address1: Annotated[str, LineOfText(200, least=1), Field(description="Street and number.")]
    address2: Annotated[str, LineOfText(200), Field(description="Flat, suite, floor.")] = ""
    city: Annotated[str, LineOfText(100, least=1)]
    state: Annotated[str, LineOfText(100)] = ""
    country: Annotated[str, LineOfText(100, least=1)]
    zip: Annotated[str, LineOfText(20)] = ""


class InvalidArguments(MeaninglessRequest):
    """The arguments are not what the tool's schema says; `fields` names each and what is wrong with it."""

    code = "invalid_arguments"

    def __init__(self, tool: str, fields: Mapping[str, str]) -> None:
        listed = "; ".join(f"{name}: {problem}" for name, problem in fields.items())
        super().__init__(f"{tool} cannot take these arguments: {listed}.")
        self.fields = dict(fields)


def parse_arguments(tool: str, model: type[Arguments], raw: object) -> Arguments:
    """Validated arguments. Raises InvalidArguments with every field that is wrong."""
    if not isinstance(raw, Mapping):
        raise InvalidArguments(tool, {"(body)": "send a JSON object with the tool's arguments"})
    try:
        return model.model_validate_json(json.dumps(raw))
    except ValidationError as error:
        raise InvalidArguments(tool, _describe(error)) from None
    except (ValueError, RecursionError):
        raise InvalidArguments(tool, {"(body)": "the values cannot be written as JSON"}) from None


def _describe(error: ValidationError) -> dict[str, str]:
    fields: dict[str, str] = {}
    for problem in error.errors(include_input=False, include_url=False, include_context=False):
        place = ".".join(_shown(part) for part in problem["loc"]) or "(body)"
        if problem["type"] == "extra_forbidden":
            fields[place] = "is no argument of this tool"
        elif problem["type"] == "missing":
            fields[place] = "is missing"
        else:
            fields[place] = str(problem["msg"]).removeprefix("Value error, ")
    return fields


def _shown(part: int | str) -> str:
    """A field's name as a caller sent it: shortened, and nothing in it that could be more than a name."""
    name = str(part)
    return name if re.fullmatch(r"[A-Za-z0-9_]{1,40}", name) else "(unreadable name)"


def personal_fields(model: type[Arguments]) -> dict[str, str]:
    """Names of the fields that are personal, with the vault's kind for each."""
    return {
        name: mark.kind
        for name, field in model.model_fields.items()
        for mark in field.metadata
        if isinstance(mark, Personal)
    }


def said_fields(model: type[Arguments]) -> tuple[str, ...]:
    """Names of the fields that hold what somebody wrote."""
    return tuple(
        name
        for name, field in model.model_fields.items()
        if any(isinstance(mark, Said) for mark in field.metadata)
    )


def to_document(arguments: Arguments) -> dict[str, Any]:
    """The arguments as canonical JSON values, personal values still in them."""
    return arguments.model_dump(mode="json")


def replace_personal(arguments: Arguments, replacement: Callable[[str, str], str | None]) -> dict[str, Any]:
    """The document, with each personal value replaced by `replacement(kind, its canonical text)`."""
    document = to_document(arguments)
    for name, kind in personal_fields(type(arguments)).items():
        value = document.get(name)
        if value is not None:
            text = value if isinstance(value, str) else personal_text(value)
            document[name] = replacement(kind, text)
    return document


def personal_text(value: object) -> str:
    """A personal value of several parts as it is kept: JSON in the order of the parts."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def canonical_text(value: object) -> str:
    """One text for equal JSON values: sorted keys, no blanks."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest_of(*parts: object) -> str:
    """SHA-256 of the canonical texts, in hexadecimal."""
    return hashlib.sha256(canonical_text(parts).encode("utf-8", "surrogatepass")).hexdigest()


def pick(document: Document, fields: Sequence[str]) -> dict[str, Any]:
    """The named fields of a document; all of them where none is named."""
    return {name: document.get(name) for name in fields} if fields else dict(document)
