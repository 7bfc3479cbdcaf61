"""A table that people bring: its lines are read, judged, shown, and sent again to be written."""

import json
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from flask import abort, current_app, render_template, request
from flask_wtf import FlaskForm
from wtforms import HiddenField

from yuantou.database.sheets import Row, TableLine, clean, read_sheet


class LinesForm(FlaskForm):
    """The judged lines, sent back to be written."""

    lines = HiddenField()


Lines = TypeVar("Lines", bound=TableLine)


def uploaded(form: Any, most: int) -> list[Row]:
    """The rows of the form's `file`; SheetError says what is wrong with it."""
    return rows_in(form.file.data.read(), form.file.data.filename or "", most + 10)


def rows_in(data: bytes, name: str, most: int | None = None, title_lines: int = 0) -> list[Row]:
    """The rows of a file, so many as the installation bears or fewer; SheetError as above."""
    bound = partial(current_app.extensions["settings"].of, "uploads")
    return read_sheet(
        data,
        name,
        largest_rows=most or bound("largest_rows"),
        largest_unpacked=bound("largest_unpacked_megabytes") * 1024 * 1024,
        title_lines=title_lines,
    )


def sent(kind: type[Lines], columns: Collection[str], most: int) -> list[Lines]:
    """The lines that come back from the preview, to be judged once more."""
    try:
        given = json.loads(request.form.get("lines", ""))
        lines = [
            kind(int(number), {name: clean(str(cells[name])) for name in columns})
            for number, cells in given[:most]
        ]
    except (ValueError, TypeError, KeyError, RecursionError):
        abort(400)
    return lines or abort(400)


def preview(template: str, lines: Sequence[TableLine], header: Mapping[str, str]) -> str:
    """Every line and every fault; `header` gives the key of each column's title."""
    form = LinesForm(formdata=None)
    form.lines.data = json.dumps([[line.number, line.cells] for line in lines], ensure_ascii=False)
    return render_template(
        template,
        lines=lines,
        columns={key: title for title, key in header.items()},
        faults=sum(len(line.faults) for line in lines),
        form=form,
    )
