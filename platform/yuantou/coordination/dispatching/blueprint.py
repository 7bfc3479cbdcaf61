"""The one blueprint of dispatch."""

from flask import Blueprint

blueprint = Blueprint("dispatching", __name__)
