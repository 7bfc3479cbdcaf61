"""What this room brings to the inbox."""

from yuantou.indicators.integrity.tasks import TASKS
from yuantou.notices.tasks import bring

bring(TASKS)
