"""A bare Flask, to know what the server alone costs."""

from flask import Flask

app = Flask("hello")


@app.get("/")
def hello() -> str:
    """Nothing but a word."""
    return "hello"
