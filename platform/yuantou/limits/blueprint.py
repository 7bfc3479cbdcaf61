"""The blueprint that the pages of limits and calendar share."""

from flask import Blueprint

blueprint = Blueprint("limits", __name__)
