"""The words of the sheet of findings in a return workbook, and the places of its parts."""

from warehouse.findings.finding import Severity
from warehouse.questionnaire.definition import Words
from warehouse.questionnaire.language import LANGUAGES
from warehouse.words.catalogue import N_, Phrase, filled_words, translations

REFERENCE_LENGTH = 10


# The reader of submissions passes over sheets of instructions; a heading's brackets are not compared.
FINDINGS_SHEET = Phrase("Instructions (what to correct)")
HEADER_ROW = 5
REPLY_COLUMN = 9

COLUMNS = {
    "number": Phrase("No."),
    "severity": Phrase("Severity"),
    "place": Phrase("Cell"),
    "question": Phrase("Question"),
    "value": Phrase("Value sent"),
    "proposed": Phrase("Proposed"),
    "rule": Phrase("Rule"),
    "reply": Phrase("Your reply"),
    "reference": Phrase("Reference"),
}
WHAT_IS_WRONG = Phrase("What is wrong")
SEVERITIES: dict[Severity, Phrase] = {
    "error": Phrase("Correct"),
    "warning": Phrase("Confirm"),
}
WHOLE_FILE = Phrase("the whole file")
WHAT_TO_DO = Phrase(
    "Correct the red cells in this file and send it back. Where a yellow cell is right, write “confirmed” in the "
    "column “Your reply”. A green cell holds what we propose: leave it if it is meant, or write what is right."
)
CONFIRMED_REPLY = Phrase("confirmed", "what a sender replies")
ACCEPTED_REPLY = Phrase("as proposed", "what a sender replies")
# Words that change nothing of what a reply says: before it ("the value is correct"), and after it.
WORDS_BEFORE_REPLY = Phrase(
    "it this that these those the value values figure figures number numbers quantity amount row rows all everything "
    "data checked and"
)
WORDS_AFTER_REPLY = Phrase("thanks thank you")
REPLY_HINT = Phrase("“confirmed” if what you sent is right, “as proposed” if what we propose is, or your remark.")
_PROPOSED_HERE = N_("You sent: {sent}. The cell holds what we propose: leave it, or write what is right.")
_NOTHING_SENT = N_("You sent nothing here. The cell holds what we propose: leave it, or write what is right.")
EXCERPT_NOTICE = Phrase("This workbook holds only the rows with findings. Do not send it back: correct your own file.")


def whom_to_ask(contact: str) -> Words:
    """Return the notice that names whom to ask about the answer."""
    return filled_words(N_("Whom to ask about this answer: {contact}"), contact=contact)


MONTH_NOTICE = Phrase(
    "The file that you sent holds several months, and this workbook is that of one of them. It replaces nothing of the "
    "others."
)


def proposed_here(sent: str) -> Words:
    """Return the note at a cell that holds what is proposed, with what was sent there."""
    return filled_words(_PROPOSED_HERE, sent=sent) if sent else filled_words(_NOTHING_SENT)


def more_findings(count: int) -> Words:
    """Return the notice that more was found than the sheet lists."""
    notice: dict[str, str] = {
        language: translations(language).ngettext(
            "{count} more finding is not listed here; answer.json has all of them.",
            "{count} more findings are not listed here; answer.json has all of them.",
            count,
        )
        for language in LANGUAGES
    }
    return Words(**{language: text.format(count=count) for language, text in notice.items()})


def table_rejected(title: Words, reason: Words, *, is_here: bool) -> Words:
    """Return the notice that a table was rejected, and where to correct it if it is not in the workbook."""
    message = (
        N_("The table {table} is not used: {reason}")
        if is_here
        else N_(
            "The table {table} is not used and not in this workbook: {reason} Correct it in your own file and send it "
            "too."
        )
    )
    return filled_words(message, table=title.model_dump(), reason=reason.model_dump())


def summary(error_count: int, warning_count: int) -> Words:
    """Return the headline: how much is to be corrected and how much to be confirmed."""
    if not error_count + warning_count:
        return filled_words(N_("Nothing to correct"))
    return filled_words(N_("{errors} to correct, {warnings} to confirm"), errors=error_count, warnings=warning_count)
