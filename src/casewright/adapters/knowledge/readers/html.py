"""HTML: headings and blocks of text, without what a browser would not show: scripts, styles, hidden elements.

Navigation and footers are left out, too. It runs nothing and loads nothing.
"""

from collections import Counter
from html.parser import HTMLParser

from casewright.adapters.knowledge.readers.source import (
    ReadSource,
    Statements,
    TextBuilder,
    clean_line,
    decode,
)

_SKIPPED = frozenset(
    {"script", "style", "template", "noscript", "svg", "math", "iframe", "object", "nav", "footer", "select"}
)
_VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr".split()  # noqa: SIM905  # tags read best as words
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset(
    "address article aside blockquote body caption dd details div dl dt fieldset figcaption figure form "  # noqa: SIM905  # as above
    "header hr li main ol p pre section summary table tbody tfoot thead tr ul".split()
)
_CELLS = frozenset({"td", "th"})


def read_html(data: bytes) -> ReadSource:
    """The visible text of a page. Raises Unreadable."""
    parser = _PageParser()
    parser.feed(_close(decode(data)))
    parser.close()
    parser.end_block()
    title = clean_line(parser.title) or parser.builder.first_heading
    return parser.builder.finish(Statements(title=title))


def strip_tags(markup: str) -> str:
    """The visible text of a piece of HTML, such as one in a Markdown file; empty where there is none."""
    parser = _PageParser()
    parser.feed(_close(markup))
    parser.close()
    parser.end_block()
    return "\n".join(parser.seen)


def _close(markup: str) -> str:
    """The page with every mark that nothing closes made a character.

    The parser looks for the end of each anew, which for many of them takes the square of their number.
    """
    last = markup.rfind(">") + 1
    markup = markup[:last] + markup[last:].replace("<", "&lt;")
    last = markup.rfind("-->") + 3 if "-->" in markup else 0
    return markup[:last] + markup[last:].replace("<!--", "&lt;!--")


class _PageParser(HTMLParser):
    """Collects blocks. Elements that are never closed end with their page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.builder = TextBuilder()
        self.title = ""
        self.seen: list[str] = []
        self._words: list[str] = []
        self._heading: int | None = None
        self._is_title = False
        self._hidden: list[str] = []
        """Open elements that are not shown, and whatever stands open within them."""
        self._hidden_names: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block or heading; an element that a browser hides is left out with all it holds."""
        if self._hidden or tag in _SKIPPED or _is_hidden(attrs):
            if tag not in _VOID:
                self._hidden.append(tag)
                self._hidden_names[tag] += 1
            return
        if tag == "title":
            self._is_title = True
        elif tag in _HEADINGS:
            self.end_block()
            self._heading = _HEADINGS[tag]
        elif tag in _BLOCKS:
            self.end_block()
        elif tag in _CELLS and "".join(self._words).strip():
            self._words.append(" | ")
        elif tag == "br":
            self._words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """End what was begun; an end without a beginning is passed over."""
        if self._hidden:
            while self._hidden_names[tag]:
                ended = self._hidden.pop()
                self._hidden_names[ended] -= 1
                if ended == tag:
                    break
            return
        if tag == "title":
            self._is_title = False
        elif tag in _HEADINGS or tag in _BLOCKS:
            self.end_block()

    def handle_data(self, data: str) -> None:
        """Text, where it is shown."""
        if self._hidden:
            return
        if self._is_title:
            self.title += data
        else:
            self._words.append(data if self._heading is None else data.replace("\n", " "))

    def end_block(self) -> None:
        """Hand on what was collected."""
        words = "".join(self._words)
        self._words = []
        level, self._heading = self._heading, None
        if words.strip():
            self.seen.append(words.strip())
        if level is not None:
            self.builder.add_heading(level, words)
        else:
            self.builder.add_block(words)


def _is_hidden(attrs: list[tuple[str, str | None]]) -> bool:
    given = dict(attrs)
    style = (given.get("style") or "").replace(" ", "").lower()
    return "hidden" in given or "display:none" in style or "visibility:hidden" in style
