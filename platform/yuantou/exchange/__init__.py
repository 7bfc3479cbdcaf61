"""What goes to other systems and comes from them: registers out, lists in."""
