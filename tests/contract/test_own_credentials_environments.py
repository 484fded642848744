"""What ours find in each environment is what the official SDK's credentials client finds."""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.live.odd_server import http, odd_server, says
from tests.support.running.token_service import OIDC_TOKEN, ROLE_ARN, TokenService, token_service

SECRET, TOKEN = "a-secret-of-a-key", "a-token-of-a-session"
KEY = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "testid", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": SECRET}
CLI = {"name": "studio", "mode": "AK", "access_key_id": "cliid", "access_key_secret": SECRET}
CLI_STS = CLI | {"mode": "StsToken", "sts_token": TOKEN}
INI = f"[default]\ntype = access_key\naccess_key_id = iniid\naccess_key_secret = {SECRET}\n"


@pytest.fixture
def base(tmp_path: Path) -> dict[str, str]:
    """An environment that names no credentials and nothing outside this machine."""
    return {
        "HOME": str(tmp_path),
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true",
        "DEBUG": "sdk",  # the library's own switch to log every request
    }


@pytest.fixture
async def tokens(tmp_path: Path, base: dict[str, str]) -> AsyncIterator[TokenService]:
    async with token_service(tmp_path, base) as service:
        yield service


async def probe(whose: str, environ: dict[str, str]) -> tuple[dict[str, str | None], str]:
    """What the process found, and what it wrote to standard error."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.support.credentials.credentials_probe", whose,
        env=environ, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    found: dict[str, str | None] = json.loads(out)
    return found, err.decode()


async def agreed(environ: dict[str, str]) -> tuple[dict[str, str | None], str]:
    (ours, log), (official, _) = await asyncio.gather(
        probe("ours", environ), probe("official", environ)
    )
    assert ours == official
    return ours, log


def write(file: Path, text: str) -> None:
    file.parent.mkdir()
    file.write_text(text, encoding="utf-8")


def lines_with(log: str, *secrets: str) -> Iterator[str]:
    return (line for line in log.splitlines() if any(secret in line for secret in secrets))


async def test_a_key_in_the_environment(base: dict[str, str]) -> None:
    found, _ = await agreed(base | KEY)

    assert found == {"id": "testid", "secret": SECRET, "token": None}


async def test_a_temporary_key_in_the_environment(base: dict[str, str]) -> None:
    found, _ = await agreed(base | KEY | {"ALIBABA_CLOUD_SECURITY_TOKEN": TOKEN})

    assert found == {"id": "testid", "secret": SECRET, "token": TOKEN}


@pytest.mark.parametrize(("profile", "token"), [(CLI, None), (CLI_STS, TOKEN)], ids=["AK", "STS"])
async def test_a_profile_of_the_command_line_tool(
    tmp_path: Path, base: dict[str, str], profile: dict[str, str], token: str | None
) -> None:
    config = json.dumps({"current": "studio", "profiles": [profile]})
    write(tmp_path / ".aliyun" / "config.json", config)

    found, _ = await agreed(base)

    assert found == {"id": "cliid", "secret": SECRET, "token": token}


async def test_a_credentials_file(tmp_path: Path, base: dict[str, str]) -> None:
    write(tmp_path / ".alibabacloud" / "credentials.ini", INI)

    found, _ = await agreed(base)

    assert found == {"id": "iniid", "secret": SECRET, "token": None}


async def test_a_credentials_uri(base: dict[str, str]) -> None:
    expires = datetime.now(UTC) + timedelta(hours=1)
    answer = {
        "Code": "Success",
        "AccessKeyId": "uriid",
        "AccessKeySecret": SECRET,
        "SecurityToken": TOKEN,
        "Expiration": expires.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }

    async with odd_server(says(http(200, answer))) as server:
        uri = {"ALIBABA_CLOUD_CREDENTIALS_URI": f"{server.url}/credentials"}
        found, log = await agreed(base | uri)

    assert found == {"id": "uriid", "secret": SECRET, "token": TOKEN}
    assert not [*lines_with(log, SECRET, TOKEN)]


async def test_the_role_of_a_service_account(tokens: TokenService) -> None:
    ours, log = await probe("ours", tokens.environ)
    official, _ = await probe("official", tokens.environ)

    issued = [
        {"id": key.access_key_id, "secret": key.access_key_secret, "token": key.security_token}
        for key in tokens.issued
    ]
    assert [ours, official] == issued
    mine, theirs = tokens.requests
    assert mine["RoleArn"] == ROLE_ARN
    assert {**mine, "Timestamp": "", "RoleSessionName": ""} == {
        **theirs,
        "Timestamp": "",
        "RoleSessionName": "",
    }
    assert not [*lines_with(log, *tokens.secrets)]


async def test_a_role_that_is_refused_is_told_without_the_token(tokens: TokenService) -> None:
    tokens.refusal = (400, "AuthenticationFail.OIDCToken.Expired")

    found, log = await probe("ours", tokens.environ)

    assert found == {
        "missing": "no credentials: the role of the ServiceAccount (RRSA): "
        "HTTP 400 AuthenticationFail.OIDCToken.Expired"
    }
    assert not [*lines_with(log, OIDC_TOKEN)]


async def test_a_token_service_that_is_away_is_told_without_the_token(
    tmp_path: Path, base: dict[str, str]
) -> None:
    async with contextlib.AsyncExitStack() as stack:
        environ = (await stack.enter_async_context(token_service(tmp_path, base))).environ

    found, log = await probe("ours", environ)

    assert "the proxy in the environment lets nothing through" in (found["missing"] or "")
    assert not [*lines_with(log, OIDC_TOKEN, "OIDCToken=")]


async def test_an_environment_without_credentials(base: dict[str, str]) -> None:
    found, log = await probe("ours", base)

    assert (found["missing"] or "").startswith("no credentials: set ALIBABA_CLOUD_ACCESS_KEY_ID")
    assert "credentials.ini" not in log
