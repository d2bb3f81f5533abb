"""`casewright demo-data`, `import` and `sandbox` as processes: what they say, and with which exit code."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from casewright.adapters.store.engine import open_database
from casewright.adapters.store.shop_imports import is_empty

PATIENT_S = 120
ORDERS_HEADER = (
    "order_id,customer_id,order_status,order_purchase_timestamp,order_delivered_carrier_date,"
    "order_delivered_customer_date,order_estimated_delivery_date\n"
)
OLIST = {
    "orders": ORDERS_HEADER + "o1,c1,delivered,2018-05-01 10:00:00,,2018-05-06 10:00:00,\n",
    "order_items": "order_id,order_item_id,product_id,price,freight_value\no1,1,p1,10.00,2.50\n",
    "customers": (
        "customer_id,customer_unique_id,customer_zip_code_prefix,customer_city,customer_state\n"
        "c1,u1,01001,Exampleton,SP\n"
    ),
    "order_payments": "order_id,payment_sequential,payment_type,payment_value\no1,1,credit_card,12.50\n",
}


def run(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CASEWRIGHT_")}
    return subprocess.run(
        [sys.executable, "-m", "casewright.main", *arguments],
        env={**environment, "CASEWRIGHT_HOME": str(home / "state"), "PYTHONUTF8": "1", **more},
        cwd=home,
        capture_output=True,
        text=True,
        timeout=PATIENT_S,
        check=False,
    )


def write_olist(folder: Path, **changes: str) -> Path:
    folder.mkdir()
    for name, content in (OLIST | changes).items():
        (folder / f"olist_{name}_dataset.csv").write_text(content, "utf-8")
    return folder


def has_shop(home: Path, tenant: str) -> bool:
    database = open_database(f"sqlite:///{home}/state/casewright.db")
    try:
        return not database.read(lambda connection: is_empty(connection, tenant))
    finally:
        database.close()


def test_demo_data_fills_the_installations_tenant_once(tmp_path: Path) -> None:
    first = run(tmp_path, "demo-data", "--customers", "12", "--as-of", "2026-07-01")
    assert (first.returncode, first.stderr.startswith("Tenant main: 12 customers, 16 products, ")) == (
        0,
        True,
    )
    again = run(tmp_path, "demo-data")
    assert again.returncode == 2
    assert "already has a shop" in again.stderr
    assert "Traceback" not in again.stderr
    assert run(tmp_path, "demo-data", "--replace").returncode == 0


def test_an_import_with_refused_rows_ends_with_1_and_names_them_in_a_side_file(tmp_path: Path) -> None:
    folder = write_olist(tmp_path / "shop", orders=OLIST["orders"] + "o2,c1,lost,2018-05-01 10:00:00,,,\n")
    done = run(tmp_path, "import", "olist", "shop", "--tenant", "olist")
    assert done.returncode == 1, done.stderr
    assert "Tenant olist: 1 customer, 1 product, 1 order." in done.stderr
    (problem,) = [json.loads(line) for line in (tmp_path / "shop.errors.jsonl").read_text().splitlines()]
    assert (problem["file"], problem["line"], problem["row"]) == ("olist_orders_dataset.csv", 3, "order o2")
    assert folder.is_dir()


def test_a_good_import_ends_with_0_and_leaves_no_side_file(tmp_path: Path) -> None:
    write_olist(tmp_path / "shop")
    done = run(tmp_path, "import", "olist", "shop", "--tenant", "olist")
    assert done.returncode == 0, done.stderr
    assert not list(tmp_path.glob("*.errors.jsonl"))
    assert has_shop(tmp_path, "olist")
    assert not has_shop(tmp_path, "main")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("import", "olist", "nowhere", "--tenant", "a"), "nowhere is no folder"),
        (("import", "olist", ".", "--tenant", "a"), "lacks olist_customers_dataset.csv"),
        (("import", "olist", ".", "--tenant", "No!"), "a tenant is"),
        (("import", "olist", "."), "--tenant"),
        (("import", "tau-retail", "nothing.json"), "there is no such file"),
        (("import", "tau-retail", "."), "is a folder"),
        (("import", "tau-retail", "text.json"), "text.json is not JSON"),
        (("import", "tau-retail", "bytes.json"), "is not UTF-8"),
        (("import", "tau-retail", "empty.json"), "holds no order"),
        (("import", "tau-retail", "vast.json"), "larger than"),
        (("demo-data", "--seed", "x"), "--seed"),
        (("demo-data", "--as-of", "soon"), "--as-of"),
        (("sandbox", "--host", "0.0.0.0"), "CASEWRIGHT_SANDBOX_TOKEN"),  # noqa: S104  it is refused
        (("sandbox", "--port", "0", "--data", "text.json"), "--data"),
        (("sandbox", "--port", "99999"), "--port"),
    ],
)
def test_bad_input_ends_with_2_and_a_sentence(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    (tmp_path / "text.json").write_text("no json")
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe")
    (tmp_path / "empty.json").write_text('{"products": {}, "users": {}, "orders": {}}')
    with (tmp_path / "vast.json").open("wb") as vast:
        vast.truncate(100 * 1024 * 1024)
    ended = run(tmp_path, *arguments, COLUMNS="200")
    assert ended.returncode == 2, ended.stderr
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr


def test_an_import_whose_refused_rows_cannot_be_written_down_imports_nothing(tmp_path: Path) -> None:
    write_olist(tmp_path / "shop", orders=OLIST["orders"] + "o2,c1,lost,2018-05-01 10:00:00,,,\n")
    ended = run(tmp_path, "import", "olist", "shop", "--tenant", "olist", "--errors", "no/such/folder/x")
    assert ended.returncode == 2
    assert "--errors" in ended.stderr
    assert not has_shop(tmp_path, "olist")


def test_a_taken_port_is_said_in_a_sentence_and_ctrl_c_ends_the_sandbox_quietly(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "casewright.main",
            "sandbox",
            "--port",
            "0",
            "--data",
            str(tmp_path / "journals"),
        ],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    line = process.stderr.readline()
    assert line.startswith("Sandbox on http://127.0.0.1:")
    port = line.split("/ ")[0].rpartition(":")[2]
    taken = run(tmp_path, "sandbox", "--port", port, "--data", str(tmp_path / "other"))
    assert (taken.returncode, "choose another" in taken.stderr) == (2, True)
    process.send_signal(signal.SIGINT)
    _, rest = process.communicate(timeout=PATIENT_S)
    assert "Traceback" not in rest
    assert {path.name for path in (tmp_path / "journals").glob("*.sqlite")} == {
        "payments.sqlite",
        "courier.sqlite",
        "mail.sqlite",
    }
