"""Warm-up: decide a few tickets before the first caller comes, so that lexicons and tables are loaded.

No text model is asked, nothing is logged, and nothing is counted.
"""

import gc
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casewright.bootstrap import Application

COMPLAINTS = (
    "I sent 500 taka to a wrong number around 2pm yesterday, please help.",
    "আমি ভুল নম্বরে ৫০০ টাকা পাঠিয়েছি",
    "ami vul number e 500 taka pathaisi",
)


def warm_up(application: "Application") -> None:
    """Load whatever a first ticket would have waited for."""
    quiet = replace(application, road=replace(application.road, model=None))
    for complaint in COMPLAINTS:
        quiet.respond(quiet.analyze_ticket({"ticket_id": "WARM-UP", "complaint": complaint}))
    gc.collect()
    gc.freeze()  # lexicons and tables live as long as the process; no later collection need look at them
