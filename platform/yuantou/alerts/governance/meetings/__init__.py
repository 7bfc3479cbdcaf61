"""研判会商: who met, what was decided, who does what by when."""
