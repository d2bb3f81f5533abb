"""`casewright policy`: lint, prove, explain, compare, backtest and replay the desks' policies.

Exit codes: 0 nothing found, 1 problems or flips found, 2 bad input. Tables are for people, `--json` is for
machines. This module computes nothing: `casewright.policy` does, and `casewright.bootstrap` reads the files.
"""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from casewright.domain.decision import Value
    from casewright.policy.problems import Problem
    from casewright.policy.ruleset import FactSchema, Ruleset, RulesetSource

FOUND, BAD_INPUT = 1, 2

app = typer.Typer(
    name="policy",
    help="Check, prove, explain and compare the policies by which cases are decided.",
    no_args_is_help=True,
)

DeskArgument = Annotated[str | None, typer.Argument(help="The desk; all desks if left out.")]
OneDesk = Annotated[str, typer.Argument(help="The desk.")]
FolderOption = Annotated[
    Path | None,
    typer.Option("--dir", metavar="FOLDER", help="Policy files of this folder instead of the desk's own."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON for machines.")]
DateOption = Annotated[
    datetime | None,
    typer.Option(
        "--as-of", formats=["%Y-%m-%d"], help="The date to decide at; the newest of the policy if left out."
    ),
]
TenantOption = Annotated[
    str | None, typer.Option("--tenant", help="The shop or merchant with values of its own.")
]


@app.command()
def lint(
    desk: DeskArgument = None,
    folder: FolderOption = None,
    write_lock: Annotated[
        bool, typer.Option("--write-lock", help="Release the files as they are: write policy.lock.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Check the files: names, values, clauses, ids, dates, and the lock.

    Examples: casewright policy lint · casewright policy lint disputes --write-lock
    """
    from casewright.policy.lint import lint_policy
    from casewright.policy.locks import build_lock
    from casewright.policy.parsing import LOCK_FILE
    from casewright.policy.problems import errors_of

    found: dict[str, Sequence[Problem]] = {}
    for name in _desks(desk, folder):
        source, schema = _load(name, folder)
        if write_lock:
            problems = lint_policy(source, schema, is_locked=False)
            if not errors_of(problems):
                place = (folder or _packaged_folder(name)) / LOCK_FILE
                place.write_text(build_lock(source), "utf-8")
                if not as_json:
                    typer.echo(f"Wrote {place}.")
        else:
            problems = lint_policy(source, schema)
        found[name] = problems
    _show_problems(found, {}, as_json=as_json)


@app.command()
def prove(desk: DeskArgument = None, folder: FolderOption = None, as_json: JsonOption = False) -> None:
    """Show for every case, date and tenant: no gap, no unreachable row, no conflict, no broken invariant.

    Examples: casewright policy prove · casewright policy prove disputes --dir ./draft
    """
    from casewright.policy.proof import prove_policy

    found: dict[str, Sequence[Problem]] = {}
    notes: dict[str, dict[str, object]] = {}
    for name in _desks(desk, folder):
        source, schema = _load(name, folder)
        proof = prove_policy(source, schema)
        found[name] = proof.problems
        notes[name] = {
            "holds": proof.holds,
            "questions": proof.questions,
            "worlds": [str(world) for world in proof.worlds],
        }
    _show_problems(found, notes, as_json=as_json)


@app.command()
def explain(
    desk: OneDesk,
    facts: Annotated[
        str, typer.Option("--facts", metavar="FILE|-", help="JSON facts, or a decision record.")
    ],
    folder: FolderOption = None,
    as_of: DateOption = None,
    tenant: TenantOption = None,
    as_json: JsonOption = False,
) -> None:
    """Decide on facts, and say by which rows and clauses.

    Example: echo '{"reason": "damaged", ...}' | casewright policy explain returns --facts -
    """
    from casewright.cli import policy_report
    from casewright.policy.explaining import explain as explain_decision

    source, schema = _load(desk, folder)
    ruleset = _compile(source, schema, as_of, tenant)
    text = typer.get_text_stream("stdin").read() if facts == "-" else _read(Path(facts))
    known = _read_facts(text, schema, facts)
    decision = ruleset.decide(known)
    explanation = explain_decision(decision, ruleset, known)
    if as_json:
        policy_report.print_json(policy_report.explanation_document(decision, explanation))
    else:
        policy_report.print_explanation(decision.ruleset_id, explanation)


@app.command()
def diff(
    desk: OneDesk,
    old: Annotated[Path, typer.Option("--old", metavar="DIR", help="The policy before.")],
    new: Annotated[Path, typer.Option("--new", metavar="DIR", help="The policy after.")],
    facts: Annotated[
        Path, typer.Option("--facts", metavar="FILE.jsonl", help="Recorded facts, one case a line.")
    ],
    as_of: DateOption = None,
    tenant: TenantOption = None,
    as_json: JsonOption = False,
) -> None:
    """Decide recorded cases by two versions of a policy, and report every flip by reason.

    Example: casewright policy diff disputes --old before --new after --facts cases.jsonl
    """
    from casewright.cli import policy_report
    from casewright.policy.differences import diff_rulesets

    before = _load(desk, old)
    after = _load(desk, new)
    when = as_of or _newest_date([before[0], after[0]])
    difference = diff_rulesets(
        _compile(*before, when, tenant), _compile(*after, when, tenant), _recorded(facts, after[1])
    )
    if as_json:
        policy_report.print_json(policy_report.difference_document(difference))
    else:
        policy_report.print_difference(difference)
    if difference.flips:
        raise typer.Exit(FOUND)


@app.command()
def backtest(
    desk: OneDesk,
    new: Annotated[Path, typer.Option("--new", metavar="DIR", help="The policy after.")],
    old: Annotated[
        Path | None, typer.Option("--old", metavar="DIR", help="The policy before. [default: the desk's own]")
    ] = None,
    facts: Annotated[
        Path | None,
        typer.Option(
            "--facts",
            metavar="FILE.jsonl",
            help="Recorded facts or decision records instead of stored cases.",
        ),
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option("--since", formats=["%Y-%m-%d"], help="Stored cases that changed since then (UTC)."),
    ] = None,
    as_of: DateOption = None,
    tenant: TenantOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run the stored cases of a desk through two policies: every flip by reason, with the money it moves.

    Example: casewright policy backtest returns --new ./draft --since 2026-01-01
    """
    from casewright import bootstrap
    from casewright.cli import policy_report
    from casewright.cli.policy_cases import CaseReader
    from casewright.policy.backtesting import backtest_rulesets

    before, after = _load(desk, old), _load(desk, new)
    when = as_of or _newest_date([before[0], after[0]])
    rulesets = _compile(*before, when, tenant), _compile(*after, when, tenant)
    reader = CaseReader(after[1])
    if facts is None:
        cases = reader.read_stored(desk, tenant, since.replace(tzinfo=UTC) if since else None)
    else:
        cases = reader.read_lines(_read(facts).splitlines())
    try:
        found = backtest_rulesets(*rulesets, cases, bootstrap.load_desk(desk).moves_money)
    except ValueError as error:
        _refuse(f"{facts}: {error}.")
    if as_json:
        policy_report.print_json(policy_report.backtest_document(found, reader.skipped()))
    else:
        policy_report.print_backtest(found, reader.skipped())
    if found.difference.flips:
        raise typer.Exit(FOUND)


@app.command()
def replay(
    case: Annotated[str, typer.Argument(metavar="CASE", help="The case, as an answer names it.")],
    tenant: Annotated[str | None, typer.Option(help="Whose case. [default: the installation's]")] = None,
    as_json: JsonOption = False,
) -> None:
    """Make the decisions behind an answer of the sales desk again, and compare; ends with 1 if one differs.

    Example: casewright policy replay case_01jz3v5w7x9y
    """
    from casewright.cli import policy_report
    from casewright.cli.policy_cases import replay_case

    replays = replay_case(case, tenant)
    if as_json:
        policy_report.print_json(policy_report.replay_document(case, replays))
    else:
        policy_report.print_replays(replays)
    if not all(each.is_same for each in replays):
        raise typer.Exit(FOUND)


def _refuse(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(BAD_INPUT)


def _desks(desk: str | None, folder: Path | None) -> tuple[str, ...]:
    from casewright import bootstrap

    names = bootstrap.desk_names()
    if desk is not None:
        return (desk,)
    if folder is not None and len(names) > 1:
        _refuse(f"Say whose policy {folder} is: {', '.join(names)}.")
    return names


def _load(desk: str, folder: Path | None) -> "tuple[RulesetSource, FactSchema]":
    from casewright import bootstrap
    from casewright.domain.errors import CasewrightError
    from casewright.policy.schema import FactSchema

    if desk not in bootstrap.desk_names():
        _refuse(f"There is no desk {desk!r}. Choose from: {', '.join(bootstrap.desk_names())}.")
    try:
        schema = FactSchema.from_dataclass(bootstrap.load_desk(desk).facts_type)
        return bootstrap.read_ruleset_source(desk, folder), schema
    except (CasewrightError, OSError, UnicodeDecodeError) as error:
        _refuse(f"The policy of {desk} cannot be read: {error}")


def _packaged_folder(desk: str) -> Path:
    from importlib import resources

    from casewright import bootstrap

    return Path(str(resources.files(bootstrap.load_desk(desk).ruleset).joinpath("policy.md"))).parent


def _newest_date(sources: "Sequence[RulesetSource]") -> datetime:
    """The newest date on which any value of the policies changes."""
    from casewright.policy.parsing import parse_policy
    from casewright.policy.worlds import worlds_of

    newest = max(world.as_of for source in sources for world in worlds_of(parse_policy(source)))
    return datetime.combine(newest, datetime.min.time())


def _compile(
    source: "RulesetSource", schema: "FactSchema", as_of: datetime | None, tenant: str | None
) -> "Ruleset":
    from casewright.domain.errors import PolicyError
    from casewright.policy.ruleset import compile_ruleset

    when: date = (as_of or _newest_date([source])).date()
    try:
        return compile_ruleset(source, schema, as_of=when, tenant=tenant)
    except PolicyError as error:
        _refuse(error.message)


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        _refuse(f"{path} cannot be read: {error}")


def _read_facts(text: str, schema: "FactSchema", place: str) -> "dict[str, Value]":
    """Facts from JSON: an object of facts, or a decision record, which holds them under `facts`."""
    try:
        document = json.loads(text)
    except ValueError as error:
        _refuse(f"{place}: this is not JSON ({error}).")
    if isinstance(document, dict) and "schema_version" in document:
        document = document.get("facts")
    if not isinstance(document, dict):
        _refuse(f"{place}: facts are a JSON object of names and values.")
    facts, faults = schema.read_facts(document)
    if faults:
        _refuse(f"{place}: " + "; ".join(faults) + ".")
    return facts


def _recorded(path: Path, schema: "FactSchema") -> "Iterator[dict[str, Value]]":
    for number, line in enumerate(_read(path).splitlines(), start=1):
        if line.strip():
            yield _read_facts(line, schema, f"{path}, line {number}")


def _show_problems(
    found: "dict[str, Sequence[Problem]]", notes: dict[str, dict[str, object]], *, as_json: bool
) -> None:
    from casewright.cli import policy_report
    from casewright.policy.problems import errors_of

    if as_json:
        policy_report.print_json(
            {
                name: {**notes.get(name, {}), "problems": [problem.as_document() for problem in problems]}
                for name, problems in found.items()
            }
        )
    else:
        for name, problems in found.items():
            policy_report.print_problems(name, problems, notes.get(name, {}))
    if any(errors_of(problems) for problems in found.values()):
        raise typer.Exit(FOUND)
