"""The journal of actions over the business database: ports.journal.

Invariants: every gateway call goes out under `<action id>:<part>`, whoever makes it and however often; what
was left half done is asked for at the gateway before it is tried again; a plan that calls no gateway is
claimed, applied and recorded in one transaction. It decides nothing: the plan says what to do.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from casewright.adapters.journal.action_reads import find_by_key, get_action, read_result
from casewright.adapters.journal.bell import Bell
from casewright.adapters.journal.chain import Head
from casewright.adapters.journal.claims import (
    Taken,
    claim_open,
    claim_whole,
    stale,
)
from casewright.adapters.journal.leases import (
    Claim,
    Lease,
    Probe,
    Withdrawn,
    digest_request,
    harmless,
    pass_by,
)
from casewright.adapters.journal.ledger import Ledger
from casewright.adapters.journal.settling import (
    LeaseLost,
    end_action,
    finish,
    keep_progress,
    park,
    seal_entry,
    write_entry,
)
from casewright.adapters.journal.transfers import build_result, is_declined, next_call
from casewright.adapters.store.engine import Database
from casewright.adapters.store.metadata import write_json
from casewright.adapters.store.shop_writes import ChangeRefused, apply_change
from casewright.domain.action import ActionState, GatewayCall
from casewright.domain.errors import CasewrightError, TerminalError, Unavailable
from casewright.ports.connectors import PaymentGateway, Transfer
from casewright.ports.journal import ActionRequest, ActionResult, KeyOutcome

FIRST_RETRY_S = 1
LONGEST_RETRY_S = 300


class SqlActionJournal:
    """Exactly once, on SQLite and PostgreSQL. Safe to use from many threads and processes."""

    def __init__(
        self,
        database: Database,
        ledger: Ledger,
        gateway: PaymentGateway,
        *,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
        lease: timedelta = timedelta(seconds=60),
        bell: Bell | None = None,
        at: Probe = pass_by,
    ) -> None:
        """`lease`: longer than any call of the gateway takes. `at` is told every place between statements."""
        self._database = database
        self._ledger = ledger
        self._gateway = gateway
        self._clock = clock
        self._new_id = new_id
        self._lease = lease
        self._bell = bell
        self._at = at

    def execute(self, request: ActionRequest) -> ActionResult:
        """Carry out one planned action, once. Raises Unavailable and OutcomeUnknown of the database only."""
        now = self._clock()
        digest = digest_request(request.tool, request.arguments)
        request = replace(request, plan=harmless(request.plan))
        claim = Claim(request, self._new_id(), digest, now, now + self._lease)
        try:
            if request.plan.is_allowed and request.plan.calls:
                met = self._claim(claim)
            else:
                met = self._carry_out_whole(claim)
        except Withdrawn as withdrawn:
            return withdrawn.result
        except ChangeRefused:
            return stale(claim)
        return met if isinstance(met, ActionResult) else self.carry_on(met)

    def find(self, tenant: str, subject_id: str, key: str) -> ActionResult | None:
        """What a key stands for; None for one that was never claimed. Raises Unavailable."""
        row = self._database.read(lambda each: find_by_key(each, tenant, subject_id, key))
        return None if row is None else read_result(row)

    def carry_on(self, lease: Lease) -> ActionResult:
        """T2 and T3: call the gateway for what is left, and end the action, or let it go until later."""
        try:
            while (call := next_call(lease.plan, lease.transfers)) is not None:
                try:
                    transfer = self._ask_gateway(lease, call)
                except CasewrightError as error:
                    return self._let_go(lease, error)
                lease = lease.knows(call.part, transfer)
                if next_call(lease.plan, lease.transfers) is not None:
                    self._keep(lease)
            return self._end(lease)
        except LeaseLost:
            return self._database.read(
                lambda each: read_result(get_action(each, lease.tenant, lease.action_id))
            )

    def _claim(self, claim: Claim) -> Lease | ActionResult:
        """T1, with the first lease of T2 in it."""

        sealed = seal_entry(claim.lease(), self._ledger, ActionState.STARTED, now=claim.at)

        def work(connection: Connection) -> tuple[Lease | ActionResult, Head | None]:
            met = claim_open(connection, claim, sealed, self._at)
            if isinstance(met, ActionResult) or met.is_takeover:
                return met, None
            head = met.head or write_entry(connection, met, self._ledger, ActionState.STARTED, now=claim.at)
            self._at("t1.ledger_written")
            return replace(met, head=head), head

        met, head = self._database.write(work)
        self._at("t1.committed")
        self._note(head)
        return met

    def _carry_out_whole(self, claim: Claim) -> Lease | ActionResult:
        """T1 to T3 at once, for a plan that calls no gateway, and for a business no."""
        state = ActionState.DONE if claim.plan.is_allowed else ActionState.REFUSED
        result = build_result(claim.plan, state, {})
        stored = write_json(result)
        lease = claim.lease(state)

        def work(connection: Connection) -> tuple[Lease | ActionResult | None, Head | None]:
            met = claim_whole(connection, claim, state, stored, self._at)
            if not isinstance(met, Taken):
                return met, None
            apply_change(connection, lease.tenant, claim.plan.change, action_id=lease.action_id, at=claim.at)
            self._at("whole.change_applied")
            ended = finish(connection, lease, self._ledger, state, now=claim.at, part="whole", at=self._at)
            return None, ended

        met, head = self._database.write(work)
        self._at("whole.committed")
        if met is not None:
            return met
        self._note(head, rings=bool(claim.plan.outbox))
        return ActionResult(claim.action_id, KeyOutcome.FIRST, state, result)

    def _ask_gateway(self, lease: Lease, call: GatewayCall) -> Transfer:
        """The gateway's word on one call. Raises what the gateway raises."""
        key = lease.gateway_key(call.part)
        transfer = self._gateway.find(key) if lease.is_takeover else None
        if transfer is None:
            self._at("t2.before_call")
            transfer = self._gateway.move(call, key=key)
            self._at("t2.after_call")
        if transfer.amount_minor != call.amount_minor:
            raise TerminalError(
                f"the gateway has {transfer.amount_minor} under {key}, not {call.amount_minor}",
                code="amount_differs",
            )
        return transfer

    def _keep(self, lease: Lease) -> None:
        until = self._clock() + self._lease
        self._at("t2.before_progress")
        self._database.write(lambda each: keep_progress(each, lease, until))
        self._at("t2.progress_kept")

    def _end(self, lease: Lease) -> ActionResult:
        state = ActionState.FAILED if is_declined(lease.transfers) else ActionState.DONE
        now = self._clock()
        self._at("t3.before")
        try:
            head, result = self._database.write(
                lambda each: end_action(each, lease, self._ledger, state, now=now, at=self._at)
            )
        except ChangeRefused as error:
            return self._let_go(lease, error)
        self._at("t3.committed")
        self._note(head, rings=state is ActionState.DONE and bool(lease.plan.outbox))
        return ActionResult(lease.action_id, KeyOutcome.FIRST, state, result)

    def _let_go(self, lease: Lease, error: CasewrightError) -> ActionResult:
        """Leave the action to a later try: `claimed` where surely nothing is in doubt, else `unknown`."""
        is_certain = isinstance(error, Unavailable) and (
            not lease.is_takeover or lease.state is ActionState.CLAIMED
        )
        state = ActionState.CLAIMED if is_certain else ActionState.UNKNOWN
        now = self._clock()
        due_at = now + timedelta(seconds=retry_delay_s(lease.tries))
        head = self._database.write(
            lambda each: park(each, lease, self._ledger, state, trouble=error.code, due_at=due_at, now=now)
        )
        self._at("t2.parked")
        self._note(head)
        return ActionResult(lease.action_id, KeyOutcome.FIRST, state)

    def _note(self, head: Head | None, *, rings: bool = False) -> None:
        """After a commit: the checkpoint, and a word to the workers."""
        if head is not None:
            self._ledger.note(head)
        if rings and self._bell is not None:
            self._bell.ring()


def retry_delay_s(tries: int) -> int:
    """Seconds until the next try: doubling, up to five minutes."""
    return int(min(FIRST_RETRY_S * 2 ** min(tries, 16), LONGEST_RETRY_S))
