"""News of the clock, told once the deadlines of a matter stand as its event left them.

Sent as `followed.send(dispute, session=…, event=DisputeEvent)`.
"""

from blinker import signal

followed = signal("deadlines-followed")
