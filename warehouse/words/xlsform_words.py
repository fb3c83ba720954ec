"""The words and names of the XLSForm that no question holds; the reader of its exports knows them by these."""

from warehouse.questionnaire.definition import Field, Table, Words
from warehouse.words.catalogue import N_, Phrase, filled_words, listed

HEADER, CONTENTS = "header", "contents"
ANSWERED, MISSING = "has_", "_missing"

NO_NAMES = Phrase("Never write names of persons, numbers of documents or addresses.")
PERIOD_HINT = Phrase("Choose year and month.")
PERIOD_PASSED = Phrase("This month has not begun.")
REVISION_HINT = Phrase("Only where you correct a report that was sent: 1, 2, 3 for each correction.")
NIL_HINT = Phrase("“Yes” if no table has anything to report; then nothing more is asked.")
CONTENTS_TITLE = Phrase("What do you report on?")
CONTENTS_HINT = Phrase("“No” says that nothing happened. Leave it unanswered if somebody else reports it.")
REQUIRED = Phrase("Please answer this question.")
IN_MONTH = Phrase("The date must lie in the reporting month.")
UP_TO_MONTH = Phrase("The date must not lie after the reporting month.")


def answered_question(table: Table) -> Words:
    """Return the question whether a table has anything to report."""
    return filled_words(N_("{table}: anything to report?"), table=listed([table.title]))


def missing_question(field: Field) -> Words:
    """Return the question why a required figure is not given, which a field for numbers cannot hold itself."""
    return filled_words(N_("{question}: why is there no figure?"), question=listed([field.title]))
