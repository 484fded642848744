"""Gets Debian's Chromium with its driver, where they are missing and may be installed."""

import os
import shutil
import subprocess
import sys

PACKAGES = ("chromium", "chromium-driver")
PROGRAMS = ("chromium", "chromedriver")


def main() -> int:
    """0 too where nothing could be installed: the tests of the desk say then why they are skipped."""
    if all(map(shutil.which, PROGRAMS)):
        print(f"The browser is {shutil.which('chromium')}.")
        return 0
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        print(f"No browser: install {' and '.join(PACKAGES)} to run the tests of the desk.")
        return 0
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ("apt-get", "update", "-qq"),
        ("apt-get", "install", "-qq", "--no-install-recommends", *PACKAGES),
    ):
        print(f"== {' '.join(command)}", flush=True)
        if subprocess.run(command, env=environment, check=False).returncode != 0:
            print("The browser could not be installed: the tests of the desk are skipped.")
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
