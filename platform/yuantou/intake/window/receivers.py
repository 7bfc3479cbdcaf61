"""Who is on call stands on the page of every red matter."""

from yuantou.disputes.section import bring
from yuantou.intake.window.section import SECTION

bring(SECTION)
