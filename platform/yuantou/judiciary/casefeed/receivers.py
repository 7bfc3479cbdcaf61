"""The page of a matter shows its handlers the suits that followed."""

from yuantou.disputes.section import bring
from yuantou.judiciary.casefeed.section import SECTION

bring(SECTION)
