"""Acts on the tracks to a court, as a browser sends them."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.mediation.stories import TODAY, dated, fill, hidden

WRITTEN = {
    "agreement_form": "written",
    "agreement_content": "三日内付清",
    "mode": "none",
    "effective_on": TODAY,
    "signature": "paper",
}
APPLICATION = {
    "applicants": "both",
    "subjects": ["none"],
    "applied_on": TODAY,
    "application_documents": "申请书、协议、身份证明",
}
ENTRUSTED = {
    "submission": "entrust-1",
    "court_case": "（2026）辽1382民初1号",
    "procedure": "ordinary",
    "type": "contract",
    "place": "前山村",
    "summary": "请求返还借款三万元",
    "filed_on": TODAY,
    "materials": "起诉状副本",
    "applicant_kind": "person",
    "applicant_name": "张三丰",
    "respondent_kind": "person",
    "respondent_name": "李四",
}


def take(client: FlaskClient, dispute: int, action: str, **values: Any) -> TestResponse:
    """Open the page of an act, then send it."""
    address = f"/matters/{dispute}/court/{action}"
    page = client.get(address)
    if page.status_code != 200:
        return page
    return client.post(address, data={**hidden(page.text), **dated(values)})


def agreed(client: FlaskClient, dispute: int, **changes: Any) -> None:
    """A written agreement, valid from today."""
    assert fill(client, dispute, "agree", **{**WRITTEN, **changes}).status_code == 303
