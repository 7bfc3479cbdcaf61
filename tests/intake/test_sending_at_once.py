"""Two sendings of one form at the same moment, on two connections."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.intake.entries import entry, oral
from yuantou.disputes.models import Dispute

Clients = Callable[[str], FlaskClient]
TIMES = 4


def test_all_but_one_find_the_first(client_of: Clients, owner: Session) -> None:
    sent, start = entry() | oral(), Barrier(TIMES)
    clients = [client_of("mei") for _ in range(TIMES)]

    def send(client: FlaskClient) -> tuple[int, str | None]:
        start.wait()
        answer = client.post("/intake/", data=sent)
        return answer.status_code, answer.location

    with ThreadPoolExecutor(TIMES) as pool:
        answers = set(pool.map(send, clients))
    assert len(answers) == 1
    assert next(iter(answers))[0] == 302
    assert owner.query(Dispute).count() == 1
