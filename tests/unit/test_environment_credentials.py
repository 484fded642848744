import pytest

from caster_scene_audio.adapters.credentials import EnvironmentCredentials
from caster_scene_audio.domain.credentials import Credentials, CredentialsUnavailable

KEY = {
    "ALIBABA_CLOUD_ACCESS_KEY_ID": "testid",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "testsecret",
}


async def test_the_environment_gives_a_key() -> None:
    found = await EnvironmentCredentials(KEY).credentials()

    assert found == Credentials(access_key_id="testid", access_key_secret="testsecret")


async def test_a_security_token_comes_along() -> None:
    found = await EnvironmentCredentials(
        KEY | {"ALIBABA_CLOUD_SECURITY_TOKEN": "token"}
    ).credentials()

    assert found.security_token == "token"


@pytest.mark.parametrize("missing", KEY)
async def test_what_is_missing_is_named(missing: str) -> None:
    environ = {name: value for name, value in KEY.items() if name != missing}

    with pytest.raises(CredentialsUnavailable, match=missing):
        await EnvironmentCredentials(environ).credentials()


@pytest.mark.parametrize("stray", [" testsecret", "testsecret\n"], ids=["space", "newline"])
async def test_stray_white_space_is_named_and_the_value_is_not(stray: str) -> None:
    environ = KEY | {"ALIBABA_CLOUD_ACCESS_KEY_SECRET": stray}

    with pytest.raises(CredentialsUnavailable) as refused:
        await EnvironmentCredentials(environ).credentials()

    assert "ALIBABA_CLOUD_ACCESS_KEY_SECRET" in str(refused.value)
    assert "testsecret" not in str(refused.value)


def test_no_secret_stands_in_a_repr() -> None:
    key = Credentials(access_key_id="id", access_key_secret="hidden", security_token="veiled")

    assert "hidden" not in repr(key)
    assert "veiled" not in repr(key)
