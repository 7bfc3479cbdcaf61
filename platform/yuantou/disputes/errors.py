"""What can stand in the way of an act on a dispute."""

from yuantou.disputes.matter import Refusal


class RefusedError(Exception):
    """The state machine refuses; `refusal` says why and by which law."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message_zh)
        self.refusal = refusal


class StaleDisputeError(Exception):
    """Somebody else changed the dispute since the form was opened."""

    def __init__(self, dispute_id: int, version: int) -> None:
        super().__init__(f"dispute {dispute_id} is at version {version}")
        self.dispute_id = dispute_id
        self.version = version


class NotVisibleError(LookupError):
    """No such dispute in the viewer's sight."""
