"""The token service in a thread of the tests' own process, beside an emulator that takes its keys."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.live.loop_thread import in_a_thread
from tests.support.running.emulator_thread import LiveService
from tests.support.running.token_service import OIDC_TOKEN, SessionKey, TokenService, token_service
from tests.support.tools.secret_search import RUN


@contextmanager
def tokens_for(live: LiveService, folder: Path, *, account: str) -> Iterator[TokenService]:
    """Each key is good with the emulator for as long as the token service says."""
    base = {name: os.environ[name] for name in ("PYTHONPATH",) if name in os.environ}

    def introduce(key: SessionKey) -> None:
        RUN.keep_out(f"the secret of {key.access_key_id}", key.access_key_secret)
        RUN.keep_out(f"the token of {key.access_key_id}", key.security_token)
        live.put_key(
            key.access_key_id,
            secret=key.access_key_secret,
            securityToken=key.security_token,
            account=account,
            expires=key.expires.isoformat(),
        )

    RUN.keep_out("the OIDC token", OIDC_TOKEN)
    with in_a_thread(lambda: token_service(folder, base)) as service:
        service.on_issue = introduce
        yield service
