"""SECURITY DEFINER functions: the only doors through row-level security, each with its reason.

A test compares this list with the database: a door that is not named here is a fault.
"""

DEFINERS = {
    "matters_of_unit": "ids of the disputes that the viewer's unit takes part in; policies ask it",
    "matter_moved": "trigger: what hangs on a matter moves to its new area with it",
    "matters_named": "ids of the restricted disputes named to the viewer or whom he stands in for",
    "name_handler": "lets a named handler, first the reporter, name another of a restricted matter",
    "matters_in_hand": "how many matters a person holds, told to who manages the account",
    "hand_over": "gives a leaver's matters to a colleague, asked by who sees none of them",
    "next_number": "the next dispute number of a county and year, without gaps",
    "report_match_outside": "tells the county coordinator of a match outside the reporter's sight",
    "audit_append": "hands a row to the hash chain, which no application role can change",
    "audit_link": "trigger: the commit links what was handed over to the end of the hash chain",
    "sealed_in_chain": "finds the row of the chain in which a report was sealed, to verify it",
    "undo_import": "takes back a list's matters that nobody has begun to handle, for its unit",
    "deadlines_across": "open deadlines that run across days, to who keeps the calendar, no matter",
    "move_deadlines": "writes their due moments and the history when the calendar changed",
    "county_counts": "sums of all counties by month and type, without persons, to judge hot spots",
    "enqueue_notices": "trigger: writes a notice's outbox; its teller cannot read others' channels",
    "mark_disputes_stale": "trigger: notes the county whose kept figures have to be made anew",
    "closed_matters": "which files were closed in a period, ids alone, to draw samples and reviews",
    "may_be_drawn": "whether a closed matter may be sampled or reviewed by the viewer, yes or no",
    "forget_words": "trigger: what JSON keeps of a matter's words goes with its key",
    "sample_sums": "sums of the call-backs of a round for the unit that drew it, no single answer",
    "note_sample": "notes in the history, once a round is closed, that a matter was called back",
    "file_under_review": "one closed file, names sealed, for its reviewer while it is assigned",
    "note_review": "notes in the history that the assigned reviewer opened or judged a file",
    "ask_erasure": "a security administrator, who sees no matter, asks for one's erasure by number",
    "refuse_erasure": "a second person says no to an erasure",
    "erase_matter": "a second person destroys the key of a matter, its indexes and its words",
    "registered_endings": "numbers and sums of ended mediations of the area, by agency and kind",
    "files_past": "numbers of the files kept longer than configured, without words or persons",
    "mark_counts_stale": "trigger: the same for court counts",
}
