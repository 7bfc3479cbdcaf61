"""Entry of flask, gunicorn, granian and python."""

import gc
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "platform"))

from yuantou.app import create_app

app = create_app()

# What lives as long as the process need not be walked by every full collection: each held all
# requests of a worker for a tenth of a second.
gc.freeze()
