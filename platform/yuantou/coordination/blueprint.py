"""The one blueprint of coordination, and the matter that an address names."""

from flask import Blueprint, abort
from flask_login import current_user

from yuantou.access.viewer import db
from yuantou.coordination import queries
from yuantou.coordination.filters import register
from yuantou.disputes.models import Dispute

blueprint = Blueprint("coordination", __name__)
register(blueprint)


def found(dispute_id: int) -> Dispute:
    """The matter in the viewer's sight; else the answer is 404."""
    dispute = queries.find(db(), current_user, dispute_id)
    if dispute is None:
        abort(404)
    return dispute
