"""When a job is due, what is caught up and what is lost."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from yuantou.database.dues import dues, next_due
from yuantou.database.jobs import Job

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 4, 12, 30, tzinfo=SHANGHAI)  # a Wednesday


def job(cron: str, window: timedelta = timedelta(hours=3)) -> Job:
    return Job("made", "测试", cron, lambda _session, _due, _progress: None, window)


def test_due_times_are_shanghais() -> None:
    assert next_due(job("30 2 * * *"), NOW) == datetime(2026, 3, 4, 18, 30, tzinfo=UTC)


def test_week_days_go_by_their_names() -> None:
    monday = next_due(job("0 8 * * mon"), NOW)
    assert monday == datetime(2026, 3, 9, 8, 0, tzinfo=SHANGHAI)


def test_a_job_that_never_ran_owes_its_newest_only() -> None:
    found = dues(job("0 * * * *"), None, NOW)
    assert found.owed == (NOW.replace(minute=0),)
    assert found.lost is None


def test_a_job_that_never_ran_and_was_not_due_lately_owes_nothing() -> None:
    assert dues(job("0 2 1 * *"), None, NOW).owed == ()


def test_every_due_time_since_the_last_is_caught_up() -> None:
    last = NOW - timedelta(hours=2, minutes=30)
    assert [due.hour for due in dues(job("0 * * * *"), last, NOW).owed] == [11, 12]


def test_beyond_the_window_the_first_lost_one_is_named() -> None:
    found = dues(job("0 * * * *"), NOW - timedelta(days=2), NOW)
    assert [due.hour for due in found.owed] == [10, 11, 12]
    assert found.lost == datetime(2026, 3, 2, 13, 0, tzinfo=SHANGHAI)


def test_nothing_is_lost_where_nothing_was_due() -> None:
    found = dues(job("0 12 * * *"), NOW - timedelta(hours=24), NOW)
    assert found.lost is None
    assert len(found.owed) == 1


def test_just_after_a_due_time_nothing_is_owed() -> None:
    assert dues(job("* * * * *"), NOW, NOW).owed == ()


@pytest.mark.parametrize("cron", ["0 8 * * 1", "0 8 * *", "0 8 * * 1-5", "@daily"])
def test_a_cron_line_that_would_mislead_is_refused(cron: str) -> None:
    with pytest.raises(ValueError, match="week days by name"):
        job(cron)


def test_a_job_needs_a_chinese_name_and_a_window() -> None:
    with pytest.raises(ValueError, match="Chinese name"):
        job("0 8 * * *", window=timedelta(0))
