"""Principal: who is asking. It comes from a session or a key, never from an argument or a text."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    CUSTOMER = "customer"
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


class Scope(StrEnum):
    """What an API key may be used for; a signed-in person has those of the role."""

    READ = "read"
    PROPOSE = "propose"
    """Prepare writes; a model's key has this and not `confirm`."""
    CONFIRM = "confirm"
    """Commit a proposal for the person who confirmed it."""
    ON_BEHALF = "on_behalf"
    """Act for a customer named by `user_id` in a body."""
    APPROVE = "approve"
    ADMIN = "admin"


_STAFF = frozenset({Role.AGENT, Role.SUPERVISOR, Role.ADMIN})
_OF_CUSTOMER = frozenset({Scope.READ, Scope.PROPOSE, Scope.CONFIRM})
SCOPES_OF_ROLE = {
    Role.CUSTOMER: _OF_CUSTOMER,
    Role.AGENT: _OF_CUSTOMER | {Scope.ON_BEHALF, Scope.APPROVE},
    Role.SUPERVISOR: _OF_CUSTOMER | {Scope.ON_BEHALF, Scope.APPROVE},
    Role.ADMIN: frozenset(Scope),
}
"""What a signed-in person may do, and the most that a key with this role may be given."""


@dataclass(frozen=True, slots=True)
class Principal:
    """`session_id` names the session or key for binding confirmations; it is no secret and opens nothing."""

    subject_id: str
    role: Role
    tenant: str
    session_id: str
    scopes: frozenset[Scope]
    customer_id: str | None = None
    """The customer this principal is, or acts for; None for staff who act for nobody in particular."""
    is_key: bool = False
    """A key, not a signed-in person: it approves nothing."""

    @property
    def is_staff(self) -> bool:
        return self.role in _STAFF

    def may(self, scope: Scope) -> bool:
        return scope in self.scopes
