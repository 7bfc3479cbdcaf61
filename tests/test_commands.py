"""Commands that are imported when they are asked for."""

from collections.abc import Iterator

from click import Command, Context

from yuantou.commands import Commands


def test_a_command_at_hand_does_not_look_for_the_others() -> None:
    looked: list[str] = []

    def find() -> Iterator[Command]:
        looked.append("found")
        yield Command("far")

    line = Commands([Command("near")], find)
    context = Context(line)
    assert line.get_command(context, "near") is not None
    assert looked == []
    assert line.get_command(context, "far") is not None
    assert line.get_command(context, "none") is None
    assert (line.list_commands(context), looked) == (["far", "near"], ["found"])
