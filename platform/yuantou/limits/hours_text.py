"""Working hours as people write them: a line for each season, in full-width signs or plain."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, time

from flask_babel import gettext as _

from yuantou.calendar.hours import Opening, Season, YearDay

WHOLE_YEAR = (1, 1)
_SINCE = re.compile(r"^(?:全年|(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?)\s*起?")
_SPAN = re.compile(r"(\d{1,2})[:.](\d{2})\s*[-–—~至到]+\s*(\d{1,2}):(\d{2})")
_BETWEEN = " 上午下晚、,;和"


class HoursError(ValueError):
    """What cannot be read as hours; the message says which line and why."""


def seasons(typed: str) -> tuple[Season, ...]:
    """The seasons that the lines say; HoursError where they do not."""
    lines = [
        line.strip() for line in unicodedata.normalize("NFKC", typed).splitlines() if line.strip()
    ]
    if not lines:
        raise HoursError(_("请写作息时间"))
    only = len(lines) == 1
    found = sorted(
        (_season(number, line, only) for number, line in enumerate(lines, start=1)),
        key=lambda season: season.since,
    )
    try:
        return Opening(date.min, tuple(found)).seasons
    except ValueError:
        raise HoursError(_("两行是从同一天开始的")) from None


def text(known: Sequence[Season]) -> str:
    """The seasons as they are typed; `seasons` reads them, in whatever language the page is."""
    return "\n".join(f"{each.since[0]}月{each.since[1]}日起 {_spans(each)}" for each in known)


def lines(known: Sequence[Season]) -> list[str]:
    """The seasons as pages say them."""
    return [f"{_since_words(each.since, len(known) == 1)} {_spans(each)}" for each in known]


def _season(number: int, line: str, only: bool) -> Season:
    found = _SINCE.match(line)
    if found is None and not only:
        raise HoursError(_("第 %(n)s 行：请先写从几月几日起，例如“5月1日起”", n=number))
    rest = line[found.end() :] if found else line
    marks = [tuple(map(int, each)) for each in _SPAN.findall(rest)]
    if not marks or _SPAN.sub("", rest).strip(_BETWEEN):
        raise HoursError(_("第 %(n)s 行：时间请写成 8:30-11:30 13:00-17:00", n=number))
    try:
        spans = tuple((time(a, b), time(c, d)) for a, b, c, d in marks)
        return Season(_since(found), spans)
    except ValueError:
        raise HoursError(_("第 %(n)s 行：没有这样的日期或时间，或者前后重叠", n=number)) from None


def _since(found: re.Match[str] | None) -> YearDay:
    if found is None or found[1] is None:
        return WHOLE_YEAR
    return int(found[1]), int(found[2])


def _since_words(since: YearDay, only: bool) -> str:
    if only and since == WHOLE_YEAR:
        return _("全年")
    return _("%(month)s月%(day)s日起", month=since[0], day=since[1])


def _spans(season: Season) -> str:
    return " ".join(f"{begin:%H:%M}–{end:%H:%M}" for begin, end in season.spans)
