"""A workbook that people take away."""

import io

from flask import Response, send_file

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def handed_out(book: bytes, name: str) -> Response:
    """The workbook as an attachment; `name` without its ending."""
    return send_file(io.BytesIO(book), XLSX, as_attachment=True, download_name=f"{name}.xlsx")
