"""What people are told when there are no credentials, and what they are never told."""

import re

import pytest

from caster_scene_audio.adapters.own_credentials.chain import Found
from caster_scene_audio.adapters.own_credentials.credentials import DefaultChainCredentials
from caster_scene_audio.adapters.own_credentials.refusal import WAYS
from caster_scene_audio.domain.credentials import Credentials
from caster_scene_audio.domain.failure import CredentialsUnavailable
from tests.support.credentials.chains import FIRST, SECOND, HandClock, chain_giving

SECRET = "planted-secret"
ROLE = {
    "ALIBABA_CLOUD_ROLE_ARN": "acs:ram::1:role/r",
    "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": "acs:ram::1:oidc-provider/p",
    "ALIBABA_CLOUD_OIDC_TOKEN_FILE": "/var/run/token",
}
URL = f"/?OIDCToken={SECRET}"
RRSA = "the role of the ServiceAccount (RRSA)"
NOT_SET = "EnvironmentVariableCredentialsProvider: accessKeyId cannot be empty"
NO_CLI = "CLIProfileCredentialsProvider: unable to open credentials file: /home/.aliyun/config.json"
NO_INI = "ProfileCredentialsProvider: failed to get credential from credentials file: $/home/x.ini"
NO_ECS = f"EcsRamRoleCredentialsProvider: HTTPConnectionPool: timed out {SECRET}"


def of_chain(*said: str) -> Exception:
    """As the library puts it: a list's repr inside a sentence."""
    return RuntimeError(f"unable to load credentials from any of the providers: {list(said)}")


async def refusal(error: Exception, environ: dict[str, str]) -> str:
    own = DefaultChainCredentials(environ, chain=chain_giving(error).build)
    with pytest.raises(CredentialsUnavailable) as refused:
        await own.credentials()
    assert refused.value.__cause__ is None
    assert refused.value.__context__ is None
    return str(refused.value)


async def test_a_bare_environment_is_told_every_way_to_give_credentials() -> None:
    told = await refusal(of_chain(NOT_SET, NO_CLI, NO_INI), {})

    assert told == f"no credentials: {WAYS}"
    assert "ALIBABA_CLOUD_ACCESS_KEY_ID" in told


async def test_the_metadata_service_alone_is_no_way_that_anybody_chose() -> None:
    told = await refusal(of_chain(NOT_SET, NO_CLI, NO_INI, NO_ECS), {})

    assert told == (f"no credentials: {WAYS}; the role of the ECS instance: no answer in time")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (
            f'http_code: 400, result: {{"Code": "AuthFail.Expired", "Message": "{SECRET}"}}',
            "HTTP 400 AuthFail.Expired",
        ),
        (f"http_code: 502, result: <html>{SECRET}</html>", "HTTP 502"),
        (
            f"error retrieving credentials from oidc_role_arn result: {SECRET}",
            "it gave nothing that could be used",
        ),
        (
            f"Max retries exceeded with url: {URL} (Caused by NewConnectionError('refused'))",
            "no connection",
        ),
        (
            f"Max retries exceeded with url: {URL} (Caused by NameResolutionError('sts'))",
            "its host's name is not known",
        ),
        (
            f"Max retries exceeded with url: {URL} (Caused by SSLError('CERTIFICATE_VERIFY'))",
            "its TLS certificate is not trusted",
        ),
        (f"Read timed out: {URL}", "no answer in time"),
        ("[Errno 2] No such file or directory: '/x'", "a file that it names is not there"),
        ("[Errno 13] Permission denied: '/x'", "a file that it names may not be read"),
    ],
    ids=lambda text: re.sub(r"\W+", "-", text)[:24],
)
async def test_a_role_that_fails_is_named_with_the_cause_and_no_secret(said: str, why: str) -> None:
    chain_error = of_chain(NOT_SET, f"OIDCRoleArnCredentialsProvider: {said}", NO_CLI, NO_INI)

    told = await refusal(chain_error, ROLE)

    assert told == f"no credentials: {RRSA}: {why}"
    assert SECRET not in told


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("failed to parse credential form cli credentials file: /x", "it can't be parsed"),
        ("unable to get profile with 'x' form cli credentials file.", "there is no such profile"),
        ("unsupported profile mode 'X' form cli", "the profile is of a kind that is not supported"),
    ],
    ids=["parse", "name", "mode"],
)
async def test_a_profile_that_fails_is_named_with_the_cause(said: str, why: str) -> None:
    told = await refusal(of_chain(NOT_SET, f"CLIProfileCredentialsProvider: {said}", NO_INI), {})

    assert told == f"no credentials: the profile in ~/.aliyun/config.json: {why}"


@pytest.mark.parametrize(
    ("environ", "why"),
    [
        (
            {"ALIBABA_CLOUD_ACCESS_KEY_ID": SECRET},
            "ALIBABA_CLOUD_ACCESS_KEY_ID is set, but not ALIBABA_CLOUD_ACCESS_KEY_SECRET",
        ),
        (
            ROLE | {"ALIBABA_CLOUD_OIDC_TOKEN_FILE": ""},
            "ALIBABA_CLOUD_ROLE_ARN is set, but not ALIBABA_CLOUD_OIDC_TOKEN_FILE",
        ),
    ],
    ids=["key", "role"],
)
async def test_what_is_set_by_half_is_named(environ: dict[str, str], why: str) -> None:
    told = await refusal(of_chain(NOT_SET, NO_CLI, NO_INI), environ)

    assert told == f"no credentials: {why}"


@pytest.mark.parametrize("stray", [f" {SECRET}", f"{SECRET}\n"], ids=["space", "newline"])
@pytest.mark.parametrize(
    "name",
    ["ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", *ROLE],
)
async def test_a_variable_with_stray_white_space_is_named_without_its_value(
    name: str, stray: str
) -> None:
    told = await refusal(RuntimeError("never asked"), {name: stray})

    assert told == f"{name} begins or ends with a space or line break"


@pytest.mark.parametrize(
    ("given", "what"),
    [
        (Credentials(access_key_id="id", access_key_secret=f"{SECRET}\n"), "access key secret"),
        (Credentials(access_key_id="i d", access_key_secret=SECRET), "access key ID"),
        (
            Credentials(access_key_id="id", access_key_secret="s", security_token=f"{SECRET}\r\n"),
            "security token",
        ),
    ],
    ids=["secret", "id", "token"],
)
async def test_a_source_that_gives_white_space_is_named_without_the_value(
    given: Credentials, what: str
) -> None:
    own = DefaultChainCredentials({}, chain=chain_giving(given).build)

    with pytest.raises(CredentialsUnavailable) as refused:
        await own.credentials()

    assert str(refused.value) == (
        f"no credentials: there is a space or line break in the {what} from {RRSA}"
    )


async def test_a_source_that_gives_an_empty_key_is_named() -> None:
    own = DefaultChainCredentials(
        {}, chain=chain_giving(Credentials(access_key_id="", access_key_secret="s")).build
    )

    with pytest.raises(CredentialsUnavailable, match="an empty access key from the role"):
        await own.credentials()


async def test_a_failing_refresh_names_the_source_that_gave_the_current_ones(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock = HandClock()
    chain = chain_giving(FIRST, RuntimeError(f"Max retries exceeded with url: {URL} timed out"))
    own = DefaultChainCredentials({}, chain=chain.build, monotonic=clock)
    await own.credentials()

    clock.pass_s(400)
    await own.credentials()

    assert [getattr(record, "error", None) for record in caplog.records if record.levelno > 20] == [
        f"no credentials: {RRSA}: no answer in time"
    ]


def test_no_secret_stands_in_the_repr_of_what_was_found() -> None:
    assert "hidden" not in repr(Found(SECOND, "a profile"))
    assert "veiled" not in repr(Found(SECOND, "a profile"))
