"""Sample clients, all of them invented: every industry of the playbook and spend band, old and new meetings.

The days of the meetings count back from the day that is given, so that the samples stay what they are. Some
names are close to others', one has accents, one client has neither spend nor meeting.
"""

import csv
from datetime import date, timedelta
from importlib import resources

from casewright.adapters.importers.values import read_minor
from casewright.domain.client import Client
from casewright.domain.money import Money

FILE = "sample_clients.csv"


def build_sample_clients(day: date, *, currency: str) -> tuple[Client, ...]:
    """The sample clients as they stand on a day."""
    text = (resources.files(__package__) / FILE).read_text("utf-8")
    return tuple(
        Client(
            client_id=row["client_id"],
            name=row["name"],
            industry=row["industry"],
            spend=Money(read_minor(row["spend"], "spend"), currency) if row["spend"] else None,
            last_meeting=day - timedelta(int(row["days_since_meeting"]))
            if row["days_since_meeting"]
            else None,
            account_manager=row["account_manager"],
        )
        for row in csv.DictReader(text.splitlines())
    )
