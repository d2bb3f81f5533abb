"""The report as one page: averages as bars, the spread of each metric, and every question. No scripts."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:84rem;padding:0 1rem;color:#1d2330}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}table{border-collapse:collapse;width:100%}
td,th{padding:.35rem .5rem;text-align:left;border-bottom:1px solid #dde1e8;vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}td.n{white-space:nowrap}
td:nth-child(1){white-space:nowrap}td:nth-child(2){min-width:20rem}th{vertical-align:bottom}
.excellent{color:#0b6b3a}.good{color:#3d6b0b}.fair{color:#8a5a00}.poor{color:#a4161a}.none{color:#5b6472}
.wide{overflow-x:auto}small{color:#5b6472}svg text{font:12px system-ui,sans-serif;fill:#1d2330}
"""
_BAR_W, _ROW_H, _LABEL_W = 420, 24, 170
_BINS, _BIN_W, _BIN_H = 10, 26, 70


def build_page(document: Mapping[str, Any]) -> str:
    """A whole HTML document, self-contained."""
    overall = document["overall"]
    failed = document["judge_failures"]
    parts = [
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>",
        "<meta name='viewport' content='width=device-width,initial-scale=1'>",
        f"<title>Answers, evaluated</title><style>{_STYLE}</style></head><body><h1>Answers, evaluated</h1>",
        f"<p>{document['questions']} questions. Overall <b>{_number(overall['mean'])}</b>, "
        f"<span class='{overall['grade']}'>{overall['grade']}</span>. "
        f"Judge: {escape(document['judge'])}. Similarity: {escape(document['similarity'])}. "
        f"Failed verdicts, counted against the answer: {failed}.</p>",
        _agreement(document["agreement"]),
        "<h2>Averages</h2>",
        _bars(document["averages"]),
        "<h2>Spread</h2>",
        "".join(_histogram(name, document["rows"]) for name in document["averages"]),
        "<h2>Questions</h2>",
        _table(document),
        _problems(document["problems"]),
        "</body></html>",
    ]
    return "".join(parts)


def _agreement(agreement: Mapping[str, Any] | None) -> str:
    if agreement is None:
        return ""
    return (
        f"<p>The two judges agree on {_number(agreement['share'])} of {agreement['items']} verdicts "
        f"(kappa {_number(agreement['kappa'])}).</p>"
    )


def _bars(averages: Mapping[str, Any]) -> str:
    height = _ROW_H * len(averages)
    rows = []
    for place, (name, average) in enumerate(averages.items()):
        top = place * _ROW_H
        mean = average["mean"]
        rows.append(f"<text x='0' y='{top + 16}'>{_label(name)}</text>")
        if mean is None:
            rows.append(f"<text x='{_LABEL_W}' y='{top + 16}'>no rows have it</text>")
            continue
        rows.append(
            f"<rect x='{_LABEL_W}' y='{top + 4}' width='{_BAR_W}' height='14' fill='#eef1f5'/>"
            f"<rect x='{_LABEL_W}' y='{top + 4}' width='{round(mean * _BAR_W, 1)}' height='14' "
            f"fill='#2f6fb5'/>"
            f"<text x='{_LABEL_W + _BAR_W + 8}' y='{top + 16}'>"
            f"{_number(mean)} {average['grade']} ({average['rows']})</text>"
        )
    width = _LABEL_W + _BAR_W + 160
    return (
        f"<div class='wide'><svg width='{width}' height='{height}' viewBox='0 0 {width} {height}' role='img' "
        f"aria-label='Average of each metric'>{''.join(rows)}</svg></div>"
    )


def _histogram(name: str, rows: Sequence[Mapping[str, Any]]) -> str:
    values = [row["values"][name] for row in rows if row["values"][name] is not None]
    if not values:
        return ""
    counts = [0] * _BINS
    for value in values:
        counts[min(_BINS - 1, int(value * _BINS))] += 1
    most = max(counts)
    bars = "".join(
        f"<rect x='{place * _BIN_W}' y='{round(_BIN_H - count / most * _BIN_H, 1)}' width='{_BIN_W - 3}' "
        f"height='{round(count / most * _BIN_H, 1)}' fill='#2f6fb5'><title>{count}</title></rect>"
        for place, count in enumerate(counts)
    )
    width = _BINS * _BIN_W
    return (
        f"<figure style='display:inline-block;margin:.5rem 1rem .5rem 0'><svg width='{width}' "
        f"height='{_BIN_H + 18}' role='img' aria-label='Spread of {_label(name)}'>{bars}"
        f"<text x='0' y='{_BIN_H + 14}'>0</text><text x='{width - 10}' y='{_BIN_H + 14}'>1</text></svg>"
        f"<figcaption><small>{_label(name)}</small></figcaption></figure>"
    )


def _table(document: Mapping[str, Any]) -> str:
    names = list(document["averages"])
    head = "".join(f"<th class='n'>{_label(name)}</th>" for name in names)
    body = []
    for row in document["rows"]:
        cells = "".join(f"<td class='n'>{_number(row['values'][name])}</td>" for name in names)
        held = [f"unsupported: {text}" for text in row["unsupported"]]
        held += [f"beyond the truth: {text}" for text in row["beyond_truth"]]
        held += [f"missed: {text}" for text in row["missed"]]
        notes = "".join(f"<br><small>{escape(note)}</small>" for note in held)
        body.append(
            f"<tr><td>{escape(str(row['id']))}</td><td>{escape(row['question'])}{notes}</td>{cells}"
            f"<td class='{row['grade']}'>{row['grade']}</td></tr>"
        )
    return (
        f"<div class='wide'><table><thead><tr><th>Id</th><th>Question</th>{head}<th>Grade</th></tr></thead>"
        f"<tbody>{''.join(body)}</tbody></table></div>"
    )


def _problems(problems: Sequence[Mapping[str, Any]]) -> str:
    if not problems:
        return ""
    items = "".join(f"<li>line {each['line']}: {escape(each['reason'])}</li>" for each in problems)
    return f"<h2>Rows left out</h2><ul>{items}</ul>"


def _label(name: str) -> str:
    return escape(name.replace("_", " "))


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
