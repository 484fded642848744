"""Stands before the real certifi on PYTHONPATH: the certificates of a test's own authority.

The credentials library trusts what certifi says and nothing else once it calls through a proxy:
neither REQUESTS_CA_BUNDLE nor SSL_CERT_FILE reaches it.
"""

import os
from pathlib import Path


def where() -> str:
    return os.environ["TEST_CA_FILE"]


def contents() -> str:
    return Path(where()).read_text(encoding="ascii")
