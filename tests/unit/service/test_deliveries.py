"""Deliveries of this installation: by name, by tenant, and what happens where nothing is configured."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from casewright.adapters.connectors.delivery import HttpDelivery
from casewright.adapters.store.engine import Database, open_database
from casewright.domain.errors import ConfigurationError, Unavailable
from casewright.service.deliveries import Deliveries
from casewright.settings import Settings


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Database]:
    database = open_database(sqlite_url)
    yield database
    database.close()


def deliveries(store: Database, tmp_path: Path, **environment: str) -> Deliveries:
    return Deliveries(Settings(home=tmp_path), store, environment)


def test_a_configured_service_is_called_over_http(store: Database, tmp_path: Path) -> None:
    found = deliveries(store, tmp_path, CASEWRIGHT_MAIL_URL="http://127.0.0.1:1/mail")
    assert isinstance(found("main", "mail"), HttpDelivery)
    found.close()


def test_a_service_without_an_address_is_away_so_that_its_messages_wait(
    store: Database, tmp_path: Path
) -> None:
    found = deliveries(store, tmp_path)
    courier = found("main", "courier")
    assert courier is not None
    with pytest.raises(Unavailable, match="CASEWRIGHT_COURIER_URL") as raised:
        courier.deliver("return_label", {}, key="k")
    assert raised.value.code == "connector_not_configured"


def test_a_name_that_is_none_has_no_connector(store: Database, tmp_path: Path) -> None:
    assert deliveries(store, tmp_path)("main", "pigeon") is None


def test_an_address_that_cannot_be_called_is_refused_at_start(store: Database, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="CASEWRIGHT_MAIL_URL"):
        deliveries(store, tmp_path, CASEWRIGHT_MAIL_URL="mail.example.com")
