"""A sealed report as Word, PDF or Excel, with definitions, intervals, notes and the seal in it."""

import json
from urllib.parse import quote

from flask import make_response
from werkzeug.wrappers import Response

from yuantou.assessments.delivery.county import county_paper
from yuantou.assessments.delivery.printing import KINDS, in_chinese, made
from yuantou.assessments.delivery.service import report_file as kept_file
from yuantou.assessments.delivery.stamps import Source
from yuantou.assessments.models import AssessmentReport, AssessmentRun


def report_file(kept: AssessmentReport, run: AssessmentRun, form: str) -> bytes:
    """A sealed report as a file; an unknown form raises KeyError."""
    return kept_file(kept, run, form)


def source_file(source: Source, form: str) -> bytes:
    """A report, sealed or a draft, as a file: in Chinese whatever the reader's language is."""
    with in_chinese():
        return made(county_paper(source), form)


def name_of(kept: AssessmentReport) -> str:
    """The name of the file without its ending."""
    name = json.loads(kept.content)["about"]["name"]
    return f"{name}评估{kept.period_end:%Y-%m}"


def sent(content: bytes, name: str, form: str) -> Response:
    """The file as an attachment."""
    response: Response = make_response(content)
    response.headers["Content-Type"] = KINDS[form]
    response.headers["Content-Disposition"] = (
        f"attachment; filename=assessment.{form}; filename*=UTF-8''{quote(name)}.{form}"
    )
    return response
