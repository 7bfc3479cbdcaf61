"""Builds .venv with the pinned packages; run by the machine's own Python, so standard library only.

A stamp holds the hash of what was installed, so that nothing is done when nothing changed.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
OLDEST = (3, 11)
NO_PIP = """本机的 Python 没有 venv 和 pip,请安装后重试（Debian、Ubuntu 的包名：python3-venv）。
  This Python has neither venv nor pip; please install them (Debian/Ubuntu: python3-venv)."""
NOT_INSTALLED = """安装依赖包失败，原因见上。请检查能否访问 Python 包索引（pip 的设置均有效）。
  Installing the packages failed, see above; is the package index within reach?"""


def main(names: list[str]) -> None:
    """Make the environment hold the packages of the named requirement files."""
    if sys.version_info < OLDEST:
        sys.exit(
            f"需要 Python 3.11 以上，当前为 {sys.version.split()[0]}。\n  Python ≥ 3.11 needed."
        )
    with (ROOT / ".venv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ensure(ROOT / ".venv", [ROOT / name for name in names])


def ensure(place: Path, requirements: list[Path]) -> None:
    """Install `requirements` into the environment at `place` unless its stamp says they are."""
    stamp = place / f"{requirements[-1].stem}.stamp"
    wanted = fingerprint(requirements)
    python = place / "bin" / "python"
    usable = python.exists()
    if usable and stamp.exists() and stamp.read_text() == wanted:
        return
    if not usable:
        print(f"正在建立 {place} ……\n  Building the environment.", flush=True)
        create(place)
    install(python, requirements)
    stamp.write_text(wanted)


def fingerprint(requirements: list[Path]) -> str:
    """Return a hash over the files' contents and the version of Python."""
    digest = hashlib.sha256(".".join(map(str, sys.version_info[:2])).encode())
    for path in requirements:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def create(place: Path) -> None:
    """Make an empty environment; without pip where the machine's Python brings none."""
    if importlib.util.find_spec("ensurepip") is None and not find_some_pip():
        sys.exit(NO_PIP)
    bare = ["--without-pip"] if importlib.util.find_spec("ensurepip") is None else []
    done = subprocess.run([sys.executable, "-m", "venv", "--clear", *bare, str(place)], check=False)
    if done.returncode:
        sys.exit(NO_PIP)


def find_some_pip() -> bool:
    """Say whether there is a pip outside, after trying to have the missing package installed."""
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0:
        package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        command = [apt, "install", "-y", "--no-install-recommends", package]
        subprocess.run([apt, "update", "-q"], check=False, stdin=subprocess.DEVNULL)
        subprocess.run(command, check=False, stdin=subprocess.DEVNULL)
        importlib.invalidate_caches()
    found = [importlib.util.find_spec(name) for name in ("ensurepip", "pip")]
    return any(found)


def install(python: Path, requirements: list[Path]) -> None:
    """Let pip install; its own settings decide from where."""
    print("正在安装依赖包（首次约一两分钟）……\n  Installing packages.", flush=True)
    inside = subprocess.run([str(python), "-c", "import pip"], check=False, capture_output=True)
    pip = [str(python), "-m", "pip"]
    if inside.returncode:
        pip = [sys.executable, "-m", "pip", "--python", str(python)]
    files = [word for path in requirements for word in ("-r", str(path))]
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input", "--no-warn-script-location"]
    environment = {**os.environ, "PIP_ROOT_USER_ACTION": "ignore"}
    done = subprocess.run([*pip, "install", *quiet, *files], check=False, env=environment)
    if done.returncode:
        sys.exit(NOT_INSTALLED)


if __name__ == "__main__":
    main(sys.argv[1:] or ["requirements.txt"])
