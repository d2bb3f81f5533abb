"""Where a customer can stand with the operator's contacts: a small closed set, and the ways between.

A state is the mode (nothing runs, an offer of some level runs, a contact was turned down lately), the weeks
since the last contact, and the contacts of the period. Simulator and dynamic programming use these tables,
so that both play by one rule. Invariant: a contact within the cooldown or above the cap has no way.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from casewright.domain.outreach import (
    ANNOYED_WEEKS,
    MOST_CONTACTS,
    OFFER_LEVELS,
    TERM_WEEKS,
    Mode,
)

COOLDOWN_WEEKS = 2
MODES = tuple(Mode)
NEUTRAL, DECLINED = 0, len(MODES) - 1
COMPLAINT_GROWTH = 0.6
"""Each contact of the period adds this share to the probability that the next one draws a complaint."""

Indices = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class States:
    """The tables, by index of state; S states. State 0: nobody was in touch."""

    mode: npt.NDArray[np.int8]
    """(S,) index into `MODES`."""
    weeks: npt.NDArray[np.int8]
    """(S,) since the last contact, at most TERM_WEEKS."""
    contacts: npt.NDArray[np.int8]
    """(S,) in this period."""
    may_contact: npt.NDArray[np.bool_]
    """(S,)"""
    after_week: Indices
    """(S,) state a week later, when nothing is said."""
    accepted: Indices
    """(S, 4) state right after an accepted offer of each level."""
    declined: Indices
    """(S,) state right after a contact that was not accepted."""
    complaint_factor: npt.NDArray[np.float32]
    """(S,) on a customer's complaint probability, of a contact now."""
    inputs: npt.NDArray[np.float32]
    """(S, 8): an observation's part from `weeks_since_contact` to `contacts`."""

    def __len__(self) -> int:
        return len(self.mode)


def build_states() -> States:
    """All states, in one fixed order."""
    keys = [(NEUTRAL, TERM_WEEKS, 0)]
    for contacts in range(1, MOST_CONTACTS + 1):
        keys += [(1 + level, week, contacts) for level in range(OFFER_LEVELS) for week in range(TERM_WEEKS)]
        keys += [(DECLINED, week, contacts) for week in range(ANNOYED_WEEKS)]
        keys += [(NEUTRAL, week, contacts) for week in range(ANNOYED_WEEKS, TERM_WEEKS + 1)]
    number = {key: index for index, key in enumerate(keys)}
    mode, weeks, spent = np.array(keys).T
    may = (weeks >= COOLDOWN_WEEKS) & (spent < MOST_CONTACTS)
    more = np.minimum(spent + 1, MOST_CONTACTS)
    accepted = [[number[1 + level, 0, int(n)] for level in range(OFFER_LEVELS)] for n in more]
    one_hot = np.eye(len(MODES))[mode]
    inputs = np.column_stack([weeks / TERM_WEEKS, one_hot, spent / MOST_CONTACTS])
    return States(
        mode.astype(np.int8),
        weeks.astype(np.int8),
        spent.astype(np.int8),
        may,
        np.array([number[_next_week(key)] for key in keys], dtype=np.int16),
        np.array(accepted, dtype=np.int16),
        np.array([number[DECLINED, 0, int(n)] for n in more], dtype=np.int16),
        (1 + COMPLAINT_GROWTH * spent).astype(np.float32),
        inputs.astype(np.float32),
    )


def _next_week(key: tuple[int, int, int]) -> tuple[int, int, int]:
    mode, weeks, contacts = key
    weeks = min(weeks + 1, TERM_WEEKS)
    lasts = ANNOYED_WEEKS if mode == DECLINED else TERM_WEEKS
    return (NEUTRAL if weeks >= lasts else mode, weeks, contacts)
