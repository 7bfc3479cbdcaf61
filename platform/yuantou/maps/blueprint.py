"""The blueprint that the routes of the map share."""

from flask import Blueprint

blueprint = Blueprint("maps", __name__)
