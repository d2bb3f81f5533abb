"""The desk's words: safe templates by stage, tool, reason and language. They say nothing by themselves: a
conversation fills them (`writing.shop_replies`), and each filled text passes the outbound shield.
"""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from casewright.language.data_files import read_yaml


@cache
def load_templates() -> Mapping[str, Any]:
    """The packaged templates."""
    text = resources.files("casewright.desks.orders").joinpath("replies.yaml").read_text("utf-8")
    templates: Mapping[str, Any] = read_yaml(text)
    return templates
