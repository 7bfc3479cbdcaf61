"""What pages share in their looks says the same everywhere: axes of charts, blocks that stay."""

import re
from collections.abc import Sequence

import pytest
from flask import Flask, render_template_string

LINE = (
    "{% import 'macros/charts.html' as charts %}"
    "{{ charts.line('c', 't', 'd', labels, [{'label': 'a', 'values': own}, "
    "{'label': 'b', 'values': other}], show_numbers=false) }}"
)
NOTICE = (
    "{% import 'macros/layout.html' as layout %}"
    "{% call layout.notice('warning', '请核对') %}<p>x</p>{% endcall %}"
)


def axis(app: Flask, own: Sequence[float | None], other: Sequence[float | None]) -> list[str]:
    """The words beside the grid lines of a chart, from below."""
    labels = [""] * len(own)
    with app.test_request_context():
        drawn = render_template_string(LINE, own=own, other=other, labels=labels)
    return re.findall(r'text-anchor="end">\s*([^<]+?)\s*</text>', drawn)


@pytest.mark.parametrize(
    "own", [[0, 1, 0], [1, 1], [0, 0], [0, 2, None, 1], [None, None], [3, 7, 12], [0, 250]]
)
def test_counts_have_whole_numbers_at_their_axis(app: Flask, own: Sequence[float | None]) -> None:
    told = axis(app, own, [0.4] * len(own))
    assert len(told) >= 2
    assert [word for word in told if not re.fullmatch(r"-?[\d,]+", word)] == []
    assert len(set(told)) == len(told)


def test_rates_keep_their_fractions(app: Flask) -> None:
    assert axis(app, [0.2, 0.9], [0.5, 0.5]) == ["0.2", "0.4", "0.6", "0.8", "1.0"]


def test_the_title_of_a_notice_is_no_heading(app: Flask) -> None:
    with app.test_request_context():
        drawn = render_template_string(NOTICE)
    assert '<p class="notice-title">请核对</p>' in drawn
    assert not re.search(r"<h\d", drawn)


def test_only_a_day_is_kept_on_one_line(app: Flask) -> None:
    told = (
        "{% import 'macros/layout.html' as layout %}"
        "{{ layout.pairs([('期限', '2026年1月5日'), ('分子', '名单里当年全部符合条件的村')]) }}"
    )
    with app.test_request_context():
        drawn = render_template_string(told)
    assert '<dd class="date">2026年1月5日' in drawn
    assert "<dd>名单里当年" in drawn
