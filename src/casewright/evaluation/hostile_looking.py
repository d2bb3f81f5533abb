"""Honest tickets that look hostile: an innocent order or a word of machines in front, evidence behind.

They show whether a desk that withstands attacks still hears its customers. Nothing is judged here.
"""

import random
from collections.abc import Mapping
from functools import cache
from importlib import resources

from casewright.evaluation.cases import GoldenCase
from casewright.language.data_files import read_yaml


@cache
def load_hostile_looking() -> Mapping[str, Mapping[str, list[str]]]:
    """The packaged sentences: `leads` by language, `evidence` by whether it names the row."""
    text = resources.files("casewright.evaluation").joinpath("data/hostile_looking.yaml").read_text("utf-8")
    content: Mapping[str, Mapping[str, list[str]]] = read_yaml(text)
    return content


def look_hostile(case: GoldenCase, rng: random.Random) -> str:
    """The message with an innocent order before it (in its language, or another) and evidence after it."""
    content = load_hostile_looking()
    language = case.file if case.file in content["leads"] and rng.random() < 0.8 else "en"
    lead = rng.choice(content["leads"][language])
    row = case.expected.get("relevant_transaction_id")
    kinds = ("with_row", "always") if row is not None else ("always",)
    evidence = rng.choice(content["evidence"][rng.choice(kinds)]).format(id=row)
    between, behind = rng.choice((" ", "\n")), rng.choice((" ", "\n", "\n\n"))
    return f"{lead}{between}{_ended(case.message)}{behind}{evidence}"


def _ended(message: str) -> str:
    return message if message.rstrip()[-1:] in tuple(".!?।\"'") else f"{message.rstrip()}."
