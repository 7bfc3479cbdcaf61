"""Lists of disputes that an office brings: matched, checked by cell, taken in, taken back."""
