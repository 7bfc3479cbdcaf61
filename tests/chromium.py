"""The Chromium of the browser tests: Debian's, else Playwright's own.

`python -m tests.chromium` installs one where there is none. In CI its absence is a failure;
elsewhere the browser tests are reported as not run.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

PACKAGES = ("chromium", "fonts-noto-cjk")
NAMES = ("chromium", "chromium-browser", "google-chrome")


def executable() -> Path | None:
    """Return the browser that the tests drive, None when there is none."""
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    return own if own.exists() else None


def arguments() -> list[str]:
    """Return what Chromium needs on a machine without a screen, and no sandbox for root only."""
    plain = ["--disable-dev-shm-usage", "--disable-gpu"]
    return ["--no-sandbox", *plain] if os.geteuid() == 0 else plain


def required() -> bool:
    """Say whether a missing browser is a failure."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def install() -> None:
    """Install Debian's package as root, else Playwright's own browser."""
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for words in (
            ["update", "-q"],
            ["install", "-y", "-q", "--no-install-recommends", *PACKAGES],
        ):
            subprocess.run([apt, *words], check=False, env=environment, stdin=subprocess.DEVNULL)
    if executable() is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def main() -> int:
    """Make sure of a browser; fail only where one is required."""
    if executable() is None:
        install()
    if executable() is not None:
        return 0
    print("没有可用的 Chromium,浏览器测试不会运行。\n  No Chromium: browser tests will not run.")
    return int(required())


if __name__ == "__main__":
    sys.exit(main())
