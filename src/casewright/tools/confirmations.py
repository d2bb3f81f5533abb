"""Confirmations: the word that turns one proposal into an action.

A confirmation is made from the proposal's own nonce, its digest, the order's version and the session that it
is shown to. So it is good for that proposal as it was shown, and in that session only; the store sees to it
that it is used once.
"""

import hashlib
import hmac

from casewright.domain.proposal import Proposal


def confirmation_of(proposal: Proposal, session_id: str) -> str:
    """The confirmation of a proposal for a session: 64 hexadecimal digits."""
    bound = "\n".join(
        (proposal.proposal_id, proposal.digest, str(proposal.order_version), proposal.tenant, session_id)
    )
    return hmac.new(proposal.nonce.encode("ascii"), bound.encode("utf-8"), hashlib.sha256).hexdigest()


def is_confirmed(proposal: Proposal, session_id: str, presented: str) -> bool:
    """Whether what is presented confirms this proposal in this session; compared in constant time."""
    expected = confirmation_of(proposal, session_id)
    return hmac.compare_digest(expected.encode("ascii"), presented.encode("utf-8", "surrogatepass"))
