"""The version of the code that computed a report: package and the sources of its figures."""

import hashlib
import tomllib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import geo
from yuantou.database.connections import ROOT

_PACKAGE = Path(__file__).parents[1]
_SOURCES = (
    "indicators/*.py",
    "indicators/standing/*.py",
    "assessments/reckoning.py",
    "assessments/annexes.py",
    "assessments/annexing.py",
    "assessments/concealing.py",
    "assessments/trends.py",
    "assessments/judging.py",
    "assessments/measures.py",
    "assessments/peers.py",
    "assessments/periods.py",
    "assessments/gathering.py",
    "assessments/sources.py",
    "assessments/units.py",
    "assessments/unit_gathering.py",
    "assessments/scheme.py",
    "assessments/rows.py",
    "assessments/scoring.py",
    "assessments/schemes/chance.py",
    "assessments/sealing.py",
    "assessments/delivery/summing.py",
)


@cache
def code_version() -> str:
    """Such as 0.1.0+3f9c2a1b04de: the same sources give the same text on every machine."""
    return f"{_release()}+{_fingerprint()}"[:32]


def _release() -> str:
    try:
        return version("yuantou")
    except PackageNotFoundError:
        file = ROOT / "pyproject.toml"
        if not file.exists():
            return "0"
        return str(tomllib.loads(file.read_text(encoding="utf-8"))["project"]["version"])


def _fingerprint() -> str:
    running = hashlib.sha256()
    for file in sources():
        running.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return running.hexdigest()[:12]


def sources() -> list[Path]:
    """The files that a sealed figure is reckoned by, the library of statistics among them."""
    own = [file for pattern in _SOURCES for file in sorted(_PACKAGE.glob(pattern))]
    return [*own, *sorted(Path(geo.__file__).parent.glob("*.py"))]
