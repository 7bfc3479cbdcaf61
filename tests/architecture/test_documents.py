"""Documents that are drawn from the code are the code's."""

import re
from pathlib import Path

from yuantou.disputes.workflow import diagram

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```mermaid\n(.*?)^```", re.DOTALL | re.MULTILINE)


def test_the_drawn_workflow_is_the_one_in_force() -> None:
    blocks = BLOCK.findall((ROOT / "docs" / "architecture.md").read_text(encoding="utf-8"))
    assert diagram().strip() in [block.strip() for block in blocks]
