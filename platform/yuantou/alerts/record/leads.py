"""How early a warning was: the first suit and the peak of the matters after it."""

from datetime import date, timedelta

from sqlalchemy import CursorResult, text
from sqlalchemy.orm import Session

FOLLOWED = 91  # days after a warning in which the peak is looked for
SUED_WITHIN = 365  # days after a warning in which a suit is looked for
LOOKED_BACK = 500

# The peak is the week of the most matters, by its last day; the earliest of several, and unknown
# until all its weeks are over; of a cluster in its own places. A suit without a township lies in
# the county of its court.
_KEEP = text("""
    INSERT INTO warning_lead (warning_id, area_path, first_suit, peak, reckoned_on)
    SELECT w.id, w.area_path, suit.first, most.peak, :today
    FROM (SELECT id, area_path, type_code AS type,
                 CASE WHEN jsonb_array_length(facts -> 'members') > 1 THEN ARRAY(
                   SELECT path FROM area WHERE facts -> 'members' ? code)
                 ELSE ARRAY[area_path] END AS paths,
                 CAST(timezone('Asia/Shanghai', raised_at) AS date) AS day
          FROM warning
          WHERE dispute_id IS NULL AND type_code IS NOT NULL
            AND raised_at >= :since) w
    LEFT JOIN LATERAL (
      SELECT min(s.filed_on) AS first FROM feed_suit s
      JOIN feed_batch b ON b.id = s.batch_id
       AND b.released_at IS NOT NULL AND b.withdrawn_at IS NULL
      LEFT JOIN area a ON a.code = s.area_code
      WHERE s.type = w.type AND coalesce(a.path, b.counts_to_path) ^@ ANY(w.paths)
        AND s.filed_on >= w.day AND s.filed_on < w.day + :sued) suit ON true
    LEFT JOIN LATERAL (
      SELECT w.day + 6 + 7 * week AS peak FROM (
        SELECT (CAST(timezone('Asia/Shanghai', reported_at) AS date) - w.day) / 7 AS week,
               count(*) AS n
        FROM dispute
        WHERE type = w.type AND area_path ^@ ANY(w.paths) AND state <> 'draft'
          AND reported_at >= timezone('Asia/Shanghai', CAST(w.day AS timestamp))
          AND reported_at < timezone('Asia/Shanghai', CAST(w.day + :followed AS timestamp))
        GROUP BY 1) weeks
      ORDER BY n DESC, week LIMIT 1) most ON w.day + :followed <= :today
    ON CONFLICT (warning_id) DO UPDATE SET
      area_path = excluded.area_path, first_suit = excluded.first_suit,
      peak = excluded.peak, reckoned_on = excluded.reckoned_on""")


def keep_leads(session: Session, today: date) -> int:
    """Use case of the worker: reckon anew what came after the warnings of the last months."""
    told = {"today": today, "since": today - timedelta(days=LOOKED_BACK)}
    kept = session.execute(_KEEP, told | {"sued": SUED_WITHIN, "followed": FOLLOWED})
    return kept.rowcount if isinstance(kept, CursorResult) else 0
