"""A sender for the tests to kill: `python -m tests.notices.delivering URL`."""

import sys

from tests.notices.letters import MONDAY, keyring
from yuantou.calendar.workdays import WorkCalendar
from yuantou.database.session import make_engine
from yuantou.notices import channels, outbox
from yuantou.notices.sending import send

if __name__ == "__main__":
    tools = outbox.Post(channels.read(), keyring(), send, WorkCalendar())
    outbox.deliver(
        make_engine(sys.argv[1]), tools, now=lambda: MONDAY, progress=lambda _done, _all: None
    )
