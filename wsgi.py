"""Entry of flask, gunicorn, granian and python."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "platform"))

from yuantou.app import create_app

app = create_app()
