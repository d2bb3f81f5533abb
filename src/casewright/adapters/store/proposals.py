"""Proposals in the business database. Every step that only one caller may take is one conditional update.

Invariant: a proposal and the key that it answers are written in one transaction. It decides nothing: who may
take a step is the executor's.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from casewright.adapters.store.engine import Database
from casewright.adapters.store.metadata import read_json, write_json
from casewright.adapters.store.proposal_tables import PROPOSALS, TOOL_CALLS
from casewright.adapters.store.times import from_micros, to_micros
from casewright.domain.principal import Role
from casewright.domain.proposal import Approval, KeyedCall, Proposal, ProposalState
from casewright.tools.documents import build_effect, read_effect

SCHEMA_VERSION = 1
_CALL = select(TOOL_CALLS).where(
    TOOL_CALLS.c.tenant == bindparam("tenant"),
    TOOL_CALLS.c.subject_id == bindparam("subject_id"),
    TOOL_CALLS.c.key == bindparam("key"),
)
_COUNT = select(func.count()).where(
    TOOL_CALLS.c.tenant == bindparam("tenant"),
    TOOL_CALLS.c.subject_id == bindparam("subject_id"),
    TOOL_CALLS.c.tool == bindparam("tool"),
    TOOL_CALLS.c.called_at >= bindparam("since"),
)
_COUNT_OF_CUSTOMER = select(func.count()).where(
    TOOL_CALLS.c.tenant == bindparam("tenant"),
    TOOL_CALLS.c.customer_id == bindparam("customer_id"),
    TOOL_CALLS.c.tool == bindparam("tool"),
    TOOL_CALLS.c.called_at >= bindparam("since"),
)
_PROPOSAL = select(PROPOSALS).where(
    PROPOSALS.c.tenant == bindparam("tenant"), PROPOSALS.c.proposal_id == bindparam("proposal_id")
)
_AWAITING = (
    select(PROPOSALS)
    .where(
        PROPOSALS.c.tenant == bindparam("tenant"),
        PROPOSALS.c.state == ProposalState.AWAITING_APPROVAL.value,
        PROPOSALS.c.expires_at > bindparam("at"),
        PROPOSALS.c.needed_role.in_(bindparam("needed", expanding=True)),
    )
    .order_by(PROPOSALS.c.created_at, PROPOSALS.c.proposal_id)
    .limit(bindparam("most"))
)


class StoredProposals:
    """The proposals and keyed calls of all tenants."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find_call(self, tenant: str, subject_id: str, key: str) -> KeyedCall | None:
        """What a key was used for."""
        return self._database.read(lambda connection: _fetch_call(connection, tenant, subject_id, key))

    def record_call(self, call: KeyedCall, proposal: Proposal | None = None) -> KeyedCall:
        """What stands under the key: this call, or the one that was there first."""

        def record(connection: Connection) -> KeyedCall | None:
            found = _fetch_call(connection, call.tenant, call.subject_id, call.key)
            if found is not None:
                return found
            connection.execute(insert(TOOL_CALLS).values(_call_values(call)))
            if proposal is not None:
                connection.execute(insert(PROPOSALS).values(_proposal_values(proposal)))
            return call

        try:
            kept = self._database.write(record)
        except IntegrityError:  # PostgreSQL: another process recorded the key between look and insert
            kept = self.find_call(call.tenant, call.subject_id, call.key)
        if kept is None:
            raise LookupError(f"the key of a call of {call.tool} is neither free nor taken")
        return kept

    def count_calls(self, tenant: str, subject_id: str, tool: str, since: datetime) -> int:
        """Keys that the subject has used for the tool since then."""
        wanted = {"tenant": tenant, "subject_id": subject_id, "tool": tool, "since": to_micros(since)}
        return self._database.read(lambda connection: int(connection.execute(_COUNT, wanted).scalar_one()))

    def count_customer_calls(self, tenant: str, customer_id: str, tool: str, since: datetime) -> int:
        """Keys that have been used for the tool since then for that customer."""
        wanted = {"tenant": tenant, "customer_id": customer_id, "tool": tool, "since": to_micros(since)}
        return self._database.read(
            lambda connection: int(connection.execute(_COUNT_OF_CUSTOMER, wanted).scalar_one())
        )

    def find(self, tenant: str, proposal_id: str) -> Proposal | None:
        """One proposal."""

        def fetch(connection: Connection) -> Proposal | None:
            row = connection.execute(_PROPOSAL, {"tenant": tenant, "proposal_id": proposal_id}).first()
            return None if row is None else _read_proposal(row)

        return self._database.read(fetch)

    def consume(self, tenant: str, proposal_id: str, *, confirmed_by: str) -> bool:
        """Open to consumed; False where it is not open."""
        statement = (
            update(PROPOSALS)
            .where(
                PROPOSALS.c.tenant == tenant,
                PROPOSALS.c.proposal_id == proposal_id,
                PROPOSALS.c.state == ProposalState.OPEN.value,
            )
            .values(state=ProposalState.CONSUMED.value, confirmed_by=confirmed_by)
        )
        return self._database.write(lambda connection: connection.execute(statement).rowcount == 1)

    def replace(self, old: Proposal, new: Proposal) -> bool:
        """The new one in the old one's place; its key answers with it. False where it was replaced before."""
        close = (
            update(PROPOSALS)
            .where(
                PROPOSALS.c.tenant == old.tenant,
                PROPOSALS.c.proposal_id == old.proposal_id,
                PROPOSALS.c.state.in_((ProposalState.OPEN.value, ProposalState.CONSUMED.value)),
            )
            .values(state=ProposalState.REPLACED.value, replaced_by=new.proposal_id)
        )
        lead = (
            update(TOOL_CALLS)
            .where(
                TOOL_CALLS.c.tenant == old.tenant,
                TOOL_CALLS.c.subject_id == old.subject_id,
                TOOL_CALLS.c.key == old.key,
            )
            .values(proposal_id=new.proposal_id)
        )

        def swap(connection: Connection) -> bool:
            if connection.execute(close).rowcount != 1:
                return False
            connection.execute(insert(PROPOSALS).values(_proposal_values(new)))
            connection.execute(lead)
            return True

        return self._database.write(swap)

    def settle(self, tenant: str, subject_id: str, key: str, answer: Mapping[str, Any]) -> None:
        """The stored answer of a call that has none yet."""
        statement = (
            update(TOOL_CALLS)
            .where(
                TOOL_CALLS.c.tenant == tenant,
                TOOL_CALLS.c.subject_id == subject_id,
                TOOL_CALLS.c.key == key,
                TOOL_CALLS.c.answer.is_(None),
            )
            .values(answer=write_json(answer))
        )
        self._database.write(lambda connection: connection.execute(statement))

    def decide(self, tenant: str, proposal_id: str, approval: Approval, *, expires_at: datetime) -> bool:
        """Approve or reject what awaits it; False where it does not."""
        state = ProposalState.OPEN if approval.is_granted else ProposalState.REJECTED
        statement = (
            update(PROPOSALS)
            .where(
                PROPOSALS.c.tenant == tenant,
                PROPOSALS.c.proposal_id == proposal_id,
                PROPOSALS.c.state == ProposalState.AWAITING_APPROVAL.value,
            )
            .values(state=state.value, expires_at=to_micros(expires_at), **_approval_values(approval))
        )
        return self._database.write(lambda connection: connection.execute(statement).rowcount == 1)

    def awaiting(
        self, tenant: str, *, at: datetime, needed: Collection[Role], limit: int = 100
    ) -> tuple[Proposal, ...]:
        """What awaits the approval of one of these roles and has not expired, oldest first."""
        wanted = {"tenant": tenant, "at": to_micros(at), "needed": sorted(needed), "most": limit}

        def fetch(connection: Connection) -> tuple[Proposal, ...]:
            rows = connection.execute(_AWAITING, wanted)
            return tuple(_read_proposal(row) for row in rows)

        return self._database.read(fetch)


def _fetch_call(connection: Connection, tenant: str, subject_id: str, key: str) -> KeyedCall | None:
    wanted = {"tenant": tenant, "subject_id": subject_id, "key": key}
    row = connection.execute(_CALL, wanted).first()
    if row is None:
        return None
    return KeyedCall(
        tenant=row.tenant,
        subject_id=row.subject_id,
        key=row.key,
        tool=row.tool,
        fingerprint=row.fingerprint,
        called_at=from_micros(row.called_at),
        answer=None if row.answer is None else read_json(row.answer),
        proposal_id=row.proposal_id,
        customer_id=row.customer_id,
    )


def _call_values(call: KeyedCall) -> dict[str, Any]:
    return {
        "tenant": call.tenant,
        "subject_id": call.subject_id,
        "key": call.key,
        "tool": call.tool,
        "fingerprint": call.fingerprint,
        "called_at": to_micros(call.called_at),
        "answer": None if call.answer is None else write_json(call.answer),
        "proposal_id": call.proposal_id,
        "customer_id": call.customer_id,
    }


def _proposal_values(proposal: Proposal) -> dict[str, Any]:
    shown = {
        "schema_version": SCHEMA_VERSION,
        "arguments": dict(proposal.arguments),
        "outcome": proposal.outcome,
        "reasons": list(proposal.reasons),
        "effects": [build_effect(effect) for effect in proposal.effects],
        "clauses": list(proposal.clauses),
        "ruleset_id": proposal.ruleset_id,
    }
    return {
        "tenant": proposal.tenant,
        "proposal_id": proposal.proposal_id,
        "state": proposal.state.value,
        "tool": proposal.tool,
        "key": proposal.key,
        "subject_id": proposal.subject_id,
        "customer_id": proposal.customer_id,
        "case_id": proposal.case_id,
        "digest": proposal.digest,
        "nonce": proposal.nonce,
        "shown": write_json(shown),
        "amount_minor": proposal.amount_minor,
        "order_id": proposal.order_id,
        "order_version": proposal.order_version,
        "created_at": to_micros(proposal.created_at),
        "expires_at": to_micros(proposal.expires_at),
        "replaced_by": proposal.replaced_by,
        "confirmed_by": proposal.confirmed_by,
        "needed_role": proposal.approval.needed.value if proposal.approval else None,
        **(_approval_values(proposal.approval) if proposal.approval else {}),
    }


def _approval_values(approval: Approval) -> dict[str, Any]:
    return {
        "approver_id": approval.approver_id,
        "is_granted": None if approval.is_granted is None else int(approval.is_granted),
        "decided_at": to_micros(approval.decided_at),
        "note": approval.note,
    }


def _read_proposal(row: Row[Any]) -> Proposal:
    shown = read_json(row.shown)
    approval = None
    if row.needed_role is not None:
        approval = Approval(
            needed=Role(row.needed_role),
            approver_id=row.approver_id,
            is_granted=None if row.is_granted is None else bool(row.is_granted),
            decided_at=from_micros(row.decided_at),
            note=row.note or "",
        )
    return Proposal(
        proposal_id=row.proposal_id,
        tenant=row.tenant,
        tool=row.tool,
        key=row.key,
        subject_id=row.subject_id,
        customer_id=row.customer_id,
        case_id=row.case_id,
        arguments=shown["arguments"],
        digest=row.digest,
        outcome=shown["outcome"],
        reasons=tuple(shown["reasons"]),
        effects=tuple(read_effect(effect) for effect in shown["effects"]),
        clauses=tuple(shown["clauses"]),
        amount_minor=row.amount_minor,
        order_id=row.order_id,
        order_version=row.order_version,
        ruleset_id=shown["ruleset_id"],
        nonce=row.nonce,
        created_at=from_micros(row.created_at),
        expires_at=from_micros(row.expires_at),
        state=ProposalState(row.state),
        approval=approval,
        replaced_by=row.replaced_by,
        confirmed_by=row.confirmed_by,
    )
