"""What this room brings to a matter's page."""

from yuantou.alerts.governance.section import SECTION
from yuantou.disputes.section import bring

bring(SECTION)
