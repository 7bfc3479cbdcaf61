"""Counts that other bodies supply for the demo city, and a small case feed of the demo county."""

from datetime import datetime
from typing import Any

import psycopg

from yuantou.indicators.periods import shift
from yuantou.judiciary.casefeed.causes import read as read_causes

MONTHS, FED = 5, 20  # how many months are supplied and fed
# component: kind of its owner, mean of a county's month
COMPONENTS = {
    "crimes": ("police", 46), "crimes_from_disputes": ("police", 3),
    "crimes_from_registered": ("police", 2), "killings_from_disputes": ("police", 0),
    "petitions": ("petition", 70), "petitions_repeated": ("petition", 9),
    "petitions_above": ("petition", 6), "first_closed": ("court", 420), "appeals": ("court", 38),
    "heads_due": ("court", 9), "heads_in_court": ("court", 7), "refused_filings": ("court", 1),
}  # fmt: skip
VILLAGES = 30  # of a county's list of last year

_SUPPLY = """
INSERT INTO supplied_count (component, area_code, area_path, month, revision, value, source,
                            agency_id, entered_by, entered_at, demo)
SELECT %(name)s::text, a.code, a.path, m.month, 1,
       CASE WHEN %(mean)s::int = 0 THEN 0
            ELSE %(mean)s::int * (85 + abs(hashtext(a.code || m.month || %(name)s)) %% 31) / 100
       END,
       '本单位统计月报（演示）', g.id, p.id,
       (m.month + interval '1 month 3 days 9 hours') AT TIME ZONE 'Asia/Shanghai', true
FROM area a
JOIN LATERAL (SELECT id FROM agency WHERE area_code = a.code AND kind = %(kind)s::text AND demo
              ORDER BY id LIMIT 1) g ON true
JOIN LATERAL (SELECT id FROM account WHERE agency_id = g.id ORDER BY id LIMIT 1) p ON true
CROSS JOIN (SELECT generate_series(%(first)s::date, %(last)s::date, '1 month')::date AS month) m
WHERE a.level = 'county' AND a.parent_code = %(city)s::text"""

_LIST = """
INSERT INTO village_year (county_code, area_path, year, place, name, suits, crimes,
                          petitions_above, screened, source, agency_id, entered_by, entered_at,
                          demo)
SELECT a.code, a.path, %(year)s::int, t.name, '演示' || n || '村',
       greatest(h.h %% 7 - 3, 0), CASE WHEN h.h %% 41 = 0 THEN 1 ELSE 0 END,
       CASE WHEN h.h %% 13 = 0 THEN 1 ELSE 0 END, h.h %% 11 > 0,
       '全年村级情况汇总（演示）', g.id, p.id, %(at)s::timestamptz, true
FROM area a
JOIN LATERAL (SELECT id FROM agency WHERE area_code = a.code AND kind = 'county_centre' AND demo
              ORDER BY id LIMIT 1) g ON true
JOIN LATERAL (SELECT id FROM account WHERE agency_id = g.id ORDER BY id LIMIT 1) p ON true
CROSS JOIN generate_series(1, %(villages)s::int) AS n
JOIN LATERAL (SELECT name FROM area WHERE parent_code = a.code AND level = 'township'
              ORDER BY code OFFSET n %% 5 LIMIT 1) t ON true
CROSS JOIN LATERAL (SELECT abs(hashtext(a.code || n)) AS h) h
WHERE a.level = 'county' AND a.parent_code = %(city)s::text"""

_BATCH = """
INSERT INTO feed_batch (court_code, counts_to_path, first_month, last_month, origin, file_name,
                        content_hash, unchanged, entered_by, entered_at, submitted_at, demo)
SELECT c.code, c.counts_to_path, %(first)s::date, %(last)s::date, 'file', '案件级数据（演示）.csv',
       'demo-' || c.code, 0, p.id, %(at)s::timestamptz, %(at)s::timestamptz, true
FROM court c JOIN agency g ON g.court_code = c.code AND g.demo
JOIN LATERAL (SELECT id FROM account WHERE agency_id = g.id ORDER BY id LIMIT 1) p ON true
WHERE c.counts_to_code = %(county)s::text AND c.counts_to = 'county' RETURNING id"""

_SUITS = """
INSERT INTO feed_suit (batch_id, court_code, suit_key, cause, type, filed_on, area_code)
SELECT b.id, b.court_code, sha256(convert_to('demo' || d.id, 'UTF8')), k.cause, d.type,
       timezone('Asia/Shanghai', d.closed_at)::date + 10 + (d.id %% 160)::int, d.area_code
FROM dispute d
JOIN (SELECT min(id) AS id, min(court_code) AS court_code FROM feed_batch WHERE demo) b ON true
JOIN (SELECT * FROM unnest(%(types)s::text[], %(causes)s::text[]) AS k (type, cause)) k
  ON k.type = d.type
WHERE d.county_code = %(county)s::text AND d.outcome IN ('agreed_oral', 'agreed_written')
  AND timezone('Asia/Shanghai', d.closed_at)::date >= %(first)s::date
  AND timezone('Asia/Shanghai', d.closed_at)::date + 10 + (d.id %% 160)::int < %(until)s::date
  AND d.id %% 9 = 0 AND NOT d.restricted
  AND EXISTS (SELECT 1 FROM party p WHERE p.dispute_id = d.id AND p.kind = 'person'
                AND p.id_index IS NOT NULL)"""

_PERSONS = """
INSERT INTO feed_party (suit_id, id_index)
SELECT DISTINCT s.id, p.id_index FROM feed_suit s
JOIN dispute d ON sha256(convert_to('demo' || d.id, 'UTF8')) = s.suit_key
JOIN party p ON p.dispute_id = d.id AND p.kind = 'person' AND p.id_index IS NOT NULL
WHERE d.county_code = %(county)s::text"""

_RELEASE = """
UPDATE feed_batch b SET released_at = %(at)s::timestamptz, released_by =
  (SELECT max(p.id) FROM account p JOIN agency g ON g.id = p.agency_id
   WHERE g.court_code = b.court_code AND p.role = 'court_reviewer') WHERE demo"""

_MONTHS = """
INSERT INTO suit_feed_month (court_code, month, batch_id, released_at)
SELECT b.court_code, m::date, b.id, %(at)s::timestamptz FROM feed_batch b
CROSS JOIN generate_series(%(first)s::date, %(last)s::date, '1 month') m WHERE b.demo"""


def write_supplies(connection: psycopg.Connection[Any], county: str, now: datetime) -> None:
    """Supplied counts of the county's city, without its newest month, and the county's feed."""
    last = shift(now.date().replace(day=1), -1)
    city = connection.execute("SELECT parent_code FROM area WHERE code = %s", [county]).fetchone()
    for name, (kind, mean) in COMPONENTS.items():
        connection.execute(_SUPPLY, {
            "name": name, "kind": kind, "mean": mean,
            "city": city[0] if city else "", "first": shift(last, 1 - MONTHS), "last": last,
        })  # fmt: skip
    connection.execute(_LIST, {
        "city": city[0] if city else "", "year": last.year - 1, "villages": VILLAGES, "at": now,
    })  # fmt: skip
    causes = {kind: cause for cause, kind in read_causes().items()}
    told = {
        "county": county, "first": shift(last, 1 - FED), "last": last, "at": now,
        "until": shift(last, 1), "types": list(causes), "causes": list(causes.values()),
    }  # fmt: skip
    if connection.execute(_BATCH, told).fetchall():
        for statement in (_SUITS, _PERSONS, _RELEASE, _MONTHS):
            connection.execute(statement, told)
