"""Accounts on a real server, on both databases: made on the command line, used over HTTP, gone after a restart."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx2
import pytest

PASSWORD = "four words make sense"
COOKIE = "__Host-casewright"


def run(home: Path, url: str, *arguments: str, line: str = "") -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CASEWRIGHT_")}
    return subprocess.run(
        [sys.executable, "-m", "casewright.main", *arguments],
        env={**environment, "CASEWRIGHT_HOME": str(home), "CASEWRIGHT_DATABASE_URL": url, "PYTHONUTF8": "1"},
        cwd=home,
        input=line,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def done(*given: Any, **options: Any) -> str:
    result = run(*given, **options)
    assert result.returncode == 0, result.stderr
    return result.stdout


def sign_in(url: str, login: str = "ana@example.com", password: str = PASSWORD) -> httpx2.Response:
    return httpx2.post(f"{url}/session", json={"login": login, "password": password}, timeout=30)


def headers_of(signed: httpx2.Response, url: str) -> dict[str, str]:
    """What a page sends: loopback has no HTTPS, so the cookie is carried by hand."""
    secret = signed.headers["set-cookie"].split(";")[0]
    return {"cookie": secret, "origin": url, "x-csrf-token": signed.json()["csrf_token"]}


def test_person_signs_in_works_and_signs_out_for_good(serve: Any, database_url: str, tmp_path: Path) -> None:
    done(tmp_path, database_url, "users", "add", "ana@example.com", "--role", "admin", line=f"{PASSWORD}\n")
    served = serve(database_url=database_url, vault_key=(tmp_path / "keys" / "vault.key").read_text().strip())
    url = served.url

    wrong = sign_in(url, password="wrong")
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (401, "wrong_login_or_password")
    signed = sign_in(url)
    assert signed.status_code == 201
    headers = headers_of(signed, url)
    assert httpx2.get(f"{url}/session", headers=headers).json()["role"] == "admin"

    body = {"login": "ben", "password": PASSWORD, "role": "agent"}
    forged = httpx2.post(f"{url}/admin/users", json=body, headers={"cookie": headers["cookie"]})
    assert forged.status_code == 403
    added = httpx2.post(f"{url}/admin/users", json=body, headers=headers, timeout=30)
    assert added.status_code == 201, added.text

    listed = done(tmp_path, database_url, "users", "list", "--json").splitlines()
    assert {json.loads(line)["login"] for line in listed} == {"ana@example.com", "ben"}
    done(tmp_path, database_url, "users", "disable", added.json()["user_id"])
    assert sign_in(url, "ben").status_code == 401

    assert httpx2.delete(f"{url}/session", headers=headers).status_code == 204
    assert httpx2.get(f"{url}/session", headers=headers).status_code == 401
    for told in (PASSWORD, "ana@example.com", headers["cookie"].partition("=")[2], headers["x-csrf-token"]):
        assert told not in served.log


def test_key_made_on_the_command_line_is_shown_once_and_can_be_revoked(
    serve: Any, database_url: str, tmp_path: Path
) -> None:
    made = run(tmp_path, database_url, "keys", "add", "bot", "--scope", "read", "--days", "1")
    key = made.stdout.strip()
    assert key.startswith("cw_main_")
    assert key not in made.stderr
    served = serve(database_url=database_url, vault_key=(tmp_path / "keys" / "vault.key").read_text().strip())
    shown = httpx2.get(f"{served.url}/session", headers={"authorization": f"Bearer {key}"}, timeout=30)
    assert (shown.status_code, shown.json()["scopes"]) == (200, ["read"])
    listed = done(tmp_path, database_url, "keys", "list", "--json")
    assert key not in listed
    done(tmp_path, database_url, "keys", "revoke", json.loads(listed)["key_id"])
    assert httpx2.get(f"{served.url}/session", headers={"x-api-key": key}).status_code == 401
    assert key not in served.log


@pytest.mark.parametrize(
    ("arguments", "line", "told"),
    [
        (("users", "add", "ana", "--role", "agent"), "short\n", "12 to 1024 characters"),
        (("users", "add", "ana", "--role", "agent"), "", "12 to 1024 characters"),
        (("users", "add", "ana", "--role", "king"), "", "--role"),
        (("users", "add", "ana", "--role", "customer"), f"{PASSWORD}\n", "customer_id"),
        (("users", "disable", "usr_absent"), "", "no such user"),
        (("keys", "add", "bot", "--scope", "admin"), "", "scopes"),
        (
            ("keys", "add", "bot", "--role", "customer", "--customer", "CUS-9", "--scope", "read"),
            "",
            "'CUS-9'",
        ),
        (("users", "add", "ana", "--role", "customer", "--customer", "CUS-9"), f"{PASSWORD}\n", "'CUS-9'"),
        (("keys", "revoke", "key_absent"), "", "no such key"),
        (("customer", "export", "nobody"), "", "Nothing is held"),
        (("users", "list", "--tenant", "No Tenant"), "", "tenant"),
    ],
)
def test_what_cannot_be_ends_with_2_and_a_sentence(
    sqlite_url: str, tmp_path: Path, arguments: tuple[str, ...], line: str, told: str
) -> None:
    result = run(tmp_path, sqlite_url, *arguments, line=line)
    assert result.returncode == 2
    assert told in result.stderr
    assert "Traceback" not in result.stderr


def test_lost_vault_key_is_said_and_nothing_is_overwritten(sqlite_url: str, tmp_path: Path) -> None:
    done(tmp_path, sqlite_url, "users", "add", "ana", "--role", "agent", line=f"{PASSWORD}\n")
    key = tmp_path / "keys" / "vault.key"
    kept = key.read_text()
    key.unlink()
    refused = run(tmp_path, sqlite_url, "users", "list")
    assert refused.returncode == 2
    assert "CASEWRIGHT_VAULT_KEY" in refused.stderr
    assert not key.exists()
    key.write_text(kept)
    key.chmod(0o600)
    assert "ana" in done(tmp_path, sqlite_url, "users", "list")


def test_production_does_not_start_with_a_secret_that_anybody_could_guess(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CASEWRIGHT_")}
    environment |= {
        "CASEWRIGHT_HOME": str(tmp_path),
        "CASEWRIGHT_ENVIRONMENT": "production",
        "CASEWRIGHT_API_KEYS": "change-me-change-me",
    }
    result = subprocess.run(
        [sys.executable, "-m", "casewright.main", "serve", "--port", "0"],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.returncode == 2
    assert "api_keys" in result.stderr
    assert "change-me" not in result.stderr
