"""What this room brings to a matter's page and to the inbox."""

from yuantou.alerts.governance.section import SECTION
from yuantou.alerts.governance.tasks import TASKS
from yuantou.disputes.section import bring as bring_section
from yuantou.notices.tasks import bring as bring_tasks

bring_section(SECTION)
bring_tasks(TASKS)
