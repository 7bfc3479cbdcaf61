"""How early a warning was: the first suit and the peak of the matters after it."""

from datetime import date, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from yuantou.alerts.record.models import WarningLead

FOLLOWED = 91  # days after a warning in which the peak is looked for
SUED_WITHIN = 365  # days after a warning in which a suit is looked for
LOOKED_BACK = 500

_OPEN = text("""
    SELECT w.id, w.area_path, w.type_code AS type,
           CAST(timezone('Asia/Shanghai', w.raised_at) AS date) AS day
    FROM warning w
    WHERE NOT w.trial AND w.dispute_id IS NULL AND w.type_code IS NOT NULL AND w.raised_at >= :since
    ORDER BY w.id""")

# The week of the most matters, by its last day; the earliest of several.
_PEAK = text("""
    SELECT CAST(:day AS date) + 6 + 7 * week AS peak FROM (
      SELECT (CAST(timezone('Asia/Shanghai', reported_at) AS date) - :day) / 7 AS week,
             count(*) AS n
      FROM dispute
      WHERE type = :type AND starts_with(area_path, :path) AND state <> 'draft'
        AND reported_at >= timezone('Asia/Shanghai', CAST(:day AS timestamp))
        AND reported_at < timezone('Asia/Shanghai', CAST(:until AS timestamp))
      GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1) most""")

# A suit without a township lies in the county of its court.
_SUIT = text("""
    SELECT min(s.filed_on) FROM feed_suit s
    JOIN feed_batch b ON b.id = s.batch_id
     AND b.released_at IS NOT NULL AND b.withdrawn_at IS NULL
    LEFT JOIN area a ON a.code = s.area_code
    WHERE s.type = :type AND starts_with(coalesce(a.path, b.counts_to_path), :path)
      AND s.filed_on >= :day AND s.filed_on < :until""")


def keep_leads(session: Session, today: date) -> int:
    """Use case of the worker: reckon anew what came after the warnings of the last months."""
    since = today - timedelta(days=LOOKED_BACK)
    kept = 0
    for row in session.execute(_OPEN, {"since": since}).all():
        asked = {"type": row.type, "path": row.area_path, "day": row.day}
        followed, sued = (row.day + timedelta(days=each) for each in (FOLLOWED, SUED_WITHIN))
        session.merge(
            WarningLead(
                warning_id=row.id,
                area_path=row.area_path,
                first_suit=session.scalar(_SUIT, asked | {"until": sued}),
                peak=session.scalar(_PEAK, asked | {"until": followed})
                if followed <= today
                else None,
                reckoned_on=today,
            )
        )
        kept += 1
    session.flush()
    return kept
