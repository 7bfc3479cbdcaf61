"""What the bench says of a goal."""

import pytest

from tests.bench.house import server_options
from tests.bench.lines import Goal, tell, tell_times


def test_a_miss_is_told_with_its_size(capsys: pytest.CaptureFixture[str]) -> None:
    tell("first view", 450, "kB", Goal(300))
    assert "MISSED by 150 (1.50×)" in capsys.readouterr().out


def test_too_few_is_a_miss_where_more_is_better(capsys: pytest.CaptureFixture[str]) -> None:
    tell("logged", 80, "/s", Goal(100, at_least=True))
    assert "≥ 100" in capsys.readouterr().out
    assert Goal(100, at_least=True).verdict(100) == "ok"


def test_times_are_judged_by_their_95th_percentile(capsys: pytest.CaptureFixture[str]) -> None:
    tell_times("list", [0.1] * 90 + [0.4] * 10, Goal(150))
    told = capsys.readouterr().out
    assert "100.0 ms" in told
    assert "MISSED by 250" in told


def test_the_bench_starts_the_site_as_the_launcher_does() -> None:
    assert "yuantou.launcher.web:app" in server_options(8000)
