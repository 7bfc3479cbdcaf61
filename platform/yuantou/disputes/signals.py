"""News of a dispute, told inside the transaction in which it happened.

Sent as `signal.send(dispute, session=…, event=DisputeEvent, by=Viewer | None)`.
"""

from blinker import signal

opened = signal("dispute-opened")
moved = signal("dispute-moved")
party_told = signal("dispute-party-told")
