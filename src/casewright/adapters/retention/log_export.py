"""The log for learning: every live decision with its state, probabilities and outcome, as rows to train on.

One row a decision, in the order of time, read in batches of one snapshot each. Invariant: an outcome that is
quarantined is left out unless it is asked for. Judges and trainers read what this writes; it judges nothing.
"""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Row, and_, bindparam, select

from casewright.adapters.retention.store_outcomes import QUARANTINED
from casewright.adapters.retention.tables import RETENTION_DECISIONS, RETENTION_OUTCOMES
from casewright.adapters.store.engine import Database
from casewright.adapters.store.metadata import read_json
from casewright.adapters.store.times import from_micros
from casewright.domain.errors import ConfigurationError
from casewright.domain.outreach import OBSERVATION, OFFER_LEVELS

BATCH = 1000
_DECIDED, _CAME = RETENTION_DECISIONS.c, RETENTION_OUTCOMES.c
_ROWS = (
    select(
        _DECIDED.decision_id,
        _DECIDED.customer_id,
        _DECIDED.period,
        _DECIDED.decided_at,
        _DECIDED.arm,
        _DECIDED.offer_level,
        _DECIDED.followup_days,
        _DECIDED.reserved_minor,
        _DECIDED.released_minor,
        _DECIDED.ruleset,
        _DECIDED.policy_version,
        _DECIDED.record,
        _CAME.state,
        _CAME.was_accepted,
        _CAME.has_complained,
        _CAME.has_churned,
        _CAME.revenue_minor,
    )
    .select_from(
        RETENTION_DECISIONS.outerjoin(
            RETENTION_OUTCOMES,
            and_(_CAME.tenant == _DECIDED.tenant, _CAME.decision_id == _DECIDED.decision_id),
        )
    )
    .where(_DECIDED.tenant == bindparam("of_tenant"), _DECIDED.decision_id > bindparam("after"))
    .order_by(_DECIDED.decision_id)
    .limit(BATCH)
)
_RECORDED = (
    "outcome",
    "proposed_offer",
    "proposed_followup_days",
    "proposal_probability",
    "probability",
    "draw",
    "is_learned",
    "p_churn",
    "risk_version",
)
PROFILE = (
    "tenure_months",
    "monthly_spend",
    "services",
    "has_support",
    "pays_automatically",
    "is_senior",
    "plan",
    "tier",
)
"""What the models know of a customer, as `adapters.retention.inputs` names it."""
_OFFERS = ("none", *map(str, range(OFFER_LEVELS)))
COLUMNS = (
    "decision_id",
    "customer_id",
    "decided_at",
    "period",
    "arm",
    "policy_version",
    "ruleset",
    "offer_level",
    "followup_days",
    *_RECORDED,
    *PROFILE,
    *(f"p_offer_{name}" for name in _OFFERS),
    *(f"p_accept_{level}" for level in range(OFFER_LEVELS)),
    *(f"obs_{name}" for name in OBSERVATION),
    "reserved_minor",
    "released_minor",
    "accepted",
    "complained",
    "churned",
    "revenue_minor",
    "outcome_state",
)
"""Of every row, in this order."""
CONTACT_COLUMNS = ("customer_id", "offer_level", *PROFILE, "accepted", "complained", "churned")
"""Of a table of contacts, as `casewright retention train-accept` reads one."""


def each_logged(
    database: Database, tenant: str, *, has_quarantined: bool = False
) -> Iterator[dict[str, Any]]:
    """Every live decision, oldest first, with what is known of its outcome."""
    after = ""
    while True:
        rows = _read_batch(database, {"of_tenant": tenant, "after": after})
        for row in rows:
            yield _build_row(row, has_quarantined=has_quarantined)
        if len(rows) < BATCH:
            return
        after = rows[-1].decision_id


def each_contact(rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Of these rows the contacts of which it is known whether the offer was accepted, to train on."""
    for row in rows:
        if row["offer_level"] is not None and row["accepted"] is not None:
            said = {
                name: None if row[name] is None else "Yes" if row[name] else "No"
                for name in ("accepted", "complained", "churned")
            }
            yield {name: said.get(name, row[name]) for name in CONTACT_COLUMNS}


def _read_batch(database: Database, place: Mapping[str, str]) -> Sequence[Row[Any]]:
    return database.read(lambda connection: connection.execute(_ROWS, place).all())


def _build_row(row: Any, *, has_quarantined: bool) -> dict[str, Any]:
    record: Mapping[str, Any] = read_json(row.record)
    is_shown = row.state is not None and (has_quarantined or row.state != QUARANTINED)
    values: dict[str, Any] = {
        "decision_id": row.decision_id,
        "customer_id": row.customer_id,
        "decided_at": from_micros(row.decided_at).isoformat(),
        "period": row.period,
        "arm": row.arm,
        "policy_version": row.policy_version,
        "ruleset": row.ruleset,
        "offer_level": row.offer_level,
        "followup_days": row.followup_days,
        **{name: record.get(name) for name in _RECORDED},
        **{name: record.get("profile", {}).get(name) for name in PROFILE},
        **_spread("p_offer_", _OFFERS, record.get("offer_probabilities", ())),
        **_spread("p_accept_", tuple(map(str, range(OFFER_LEVELS))), record.get("p_accept", ())),
        **_spread("obs_", OBSERVATION, record.get("observation", ())),
        "reserved_minor": row.reserved_minor,
        "released_minor": row.released_minor,
        "accepted": row.was_accepted if is_shown else None,
        "complained": row.has_complained if is_shown else None,
        "churned": row.has_churned if is_shown else None,
        "revenue_minor": row.revenue_minor if is_shown else None,
        "outcome_state": row.state,
    }
    return {name: values[name] for name in COLUMNS}


def _spread(prefix: str, names: tuple[str, ...], values: Any) -> dict[str, Any]:
    filled = [*values, *(None for _ in names)]
    return {f"{prefix}{name}": filled[place] for place, name in enumerate(names)}


def write_log(rows: Iterator[dict[str, Any]], target: Path, columns: tuple[str, ...] = COLUMNS) -> int:
    """Write the rows as JSON lines, CSV or Parquet, by the file's ending; how many. It is whole or not there.

    `columns` are those of every row, in order. Raises ConfigurationError.
    """
    writers = {".jsonl": _write_lines, ".csv": _write_csv, ".parquet": _write_parquet}
    writer = writers.get(target.suffix.lower())
    if writer is None:
        raise ConfigurationError(f"{target}: end the file's name with .jsonl, .csv or .parquet")
    part = target.with_name(f"{target.name}.part")
    try:
        count = writer(rows, part, columns)
        part.replace(target)
    except OSError as error:
        raise ConfigurationError(f"{target} cannot be written: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)
    return count


def write_lines(rows: Iterator[dict[str, Any]], out: IO[str]) -> int:
    """JSON lines; how many."""
    count = 0
    for row in rows:
        out.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
        count += 1
    return count


def _write_lines(rows: Iterator[dict[str, Any]], path: Path, _columns: tuple[str, ...]) -> int:
    with path.open("w", encoding="utf-8") as file:
        return write_lines(rows, file)


def _write_csv(rows: Iterator[dict[str, Any]], path: Path, columns: tuple[str, ...]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        for row in rows:
            writer.writerow(["" if value is None else value for value in row.values()])
            count += 1
    return count


def _write_parquet(rows: Iterator[dict[str, Any]], path: Path, columns: tuple[str, ...]) -> int:
    from casewright.adapters.parquet_tables import load_arrow

    arrow = load_arrow()
    schema = _arrow_schema(arrow, columns)
    count = 0
    with arrow.parquet.ParquetWriter(path, schema) as writer:
        batch: list[dict[str, Any]] = []
        for row in rows:
            batch.append(row)
            count += 1
            if len(batch) == BATCH:
                writer.write_table(arrow.Table.from_pylist(batch, schema=schema))
                batch = []
        if batch or not count:
            writer.write_table(arrow.Table.from_pylist(batch, schema=schema))
    return count


def _arrow_schema(arrow: Any, columns: tuple[str, ...]) -> Any:
    whole = {"offer_level", "followup_days", "proposed_offer", "proposed_followup_days"}
    whole |= {name for name in columns if name.endswith("_minor")}
    # In a table of contacts, what came of them is Yes or No.
    flags = {"is_learned"} | ({"accepted", "complained", "churned"} if columns == COLUMNS else set())
    shares = {"proposal_probability", "probability", "draw", "p_churn"}

    def kind(name: str) -> Any:
        if name in whole:
            return arrow.int64()
        if name in flags:
            return arrow.bool_()
        is_share = (
            name in shares or name in PROFILE[:-2] or name.startswith(("p_offer_", "p_accept_", "obs_"))
        )
        return arrow.float64() if is_share else arrow.string()

    return arrow.schema([(name, kind(name)) for name in columns])
