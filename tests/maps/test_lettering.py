"""A map's font is cut once for what maps say, and anew only for a sign that none has had."""

import io
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from yuantou.maps import lettering
from yuantou.maps.lettering import font_for
from yuantou.maps.plate import Plate, Words
from yuantou.maps.printing import as_pdf


@pytest.fixture(autouse=True)
def nothing_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a new process."""
    monkeypatch.setattr(lettering, "_held", {})


def signs_of(path: str) -> set[int]:
    with TTFont(path) as font:
        return set(font.getBestCmap())


def test_it_has_what_is_said_and_little_else() -> None:
    path = font_for(["凌源市 12"])
    assert {ord(sign) for sign in "凌源市12"} <= signs_of(path)
    assert ord("鑫") not in signs_of(path)
    assert Path(path).stat().st_size < 60_000


def test_it_is_cut_once_for_the_same_signs_and_grows_for_new_ones() -> None:
    first = font_for(["朝阳市", "建平县"])
    assert font_for(["平阳县"]) == first
    second = font_for(["鑫"])
    assert second != first
    assert font_for(["朝阳", "鑫"]) == second


def test_a_sign_that_no_font_has_does_not_stop_it() -> None:
    assert 0x10FFFD not in signs_of(font_for(["\U0010fffd县"]))


def test_a_sheet_is_printed_with_it() -> None:
    words = Words(at=(20, 20), text="鑫\U0010fffd县", size=3, colour="#172224", anchor="middle")
    printed = as_pdf([Plate(title="图", marks=[words])], made="省", known=["阜新"])
    assert printed.startswith(b"%PDF-")
    assert io.BytesIO(printed).getbuffer().nbytes < 40_000
    assert {ord(sign) for sign in "阜新鑫〓"} <= signs_of(font_for([]))
