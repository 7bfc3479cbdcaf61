"""The command line: what only commands need is imported when a command is asked for."""

from collections.abc import Callable, Iterable

from click import Command, Context
from flask.cli import AppGroup


class Commands(AppGroup):
    """Commands at hand, and behind them those that `find` imports at the first other name."""

    def __init__(self, at_hand: Iterable[Command], find: Callable[[], Iterable[Command]]) -> None:
        super().__init__()
        self._find: Callable[[], Iterable[Command]] | None = find
        for command in at_hand:
            self.add_command(command)

    def list_commands(self, ctx: Context) -> list[str]:
        """Every name; imports all."""
        self._complete()
        return super().list_commands(ctx)

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """The command of that name."""
        if cmd_name not in self.commands:
            self._complete()
        return super().get_command(ctx, cmd_name)

    def _complete(self) -> None:
        find, self._find = self._find, None
        for command in find() if find else ():
            self.add_command(command)
