"""The words of the form that no question holds: its cover, its instructions, its hints."""

from warehouse.questionnaire.definition import Field, Words
from warehouse.words.catalogue import N_, Phrase, translate

COVER_SHEET = Phrase("Cover")
LISTS_SHEET = Phrase("Lists")

# The reader of covers looks for these labels; no other title of the cover may be one of them.
COUNTRY = Phrase("Reporting country")
PERIOD = Phrase("Reporting period")
QUESTIONNAIRE_VERSION = Phrase("Questionnaire version")
CONTACT = Phrase("Contact (office, e-mail, telephone)")
NIL = Phrase("Nothing to report")
TABLE_NIL = Phrase("Nothing to report in the table")
REVISION = Phrase("Revision number")

PERIOD_HINT = Phrase("Year and month, for example 2024-05.")
CONTACT_HINT = Phrase(
    "The office that answers questions, its e-mail and telephone. No name of a person. Only the keepers of the "
    "warehouse see it."
)
NIL_HINT = Phrase("Choose “yes” if no table has anything to report; leave the tables empty.")
TABLE_NIL_HINT = Phrase(
    "Choose “yes” if this table has nothing to report this month. Without rows and without “yes” it is not answered."
)
REVISION_HINT = Phrase("0 for the first report of the month, then 1, 2, 3 for each correction.")
YES, NO = Phrase("yes"), Phrase("no")

# Behind the version of a return workbook that holds only rows with findings: sent back, it is no report.
EXCERPT_SUFFIX = " (excerpt, выписка)"

TABLES = Phrase("Tables")
INSTRUCTIONS = Phrase("How to fill in")
REQUIRED_LEGEND = Phrase("must be answered")
OPTIONAL_LEGEND = Phrase("if known")

STEPS = (
    (
        Phrase("Rows"),
        Phrase("Write one row for each event and leave no rows empty between."),
    ),
    (
        Phrase("Required answers"),
        Phrase(
            "A dark red heading with * must be answered. If the answer is not known, write “not known”; if it is "
            "zero, write 0."
        ),
    ),
    (
        Phrase("Lists"),
        Phrase(
            "Where a cell offers a list, choose from it. If the right entry is missing, type it: accepted names in "
            "either language are read, others come back with a question."
        ),
    ),
    (
        Phrase("Dates and numbers"),
        Phrase(
            "Write dates as 2024-05-31. Write numbers without their unit: the unit stands in the heading or in its "
            "own column."
        ),
    ),
    (
        Phrase("Personal data"),
        Phrase("Never write names of persons, numbers of documents or addresses on any sheet."),
    ),
    (
        Phrase("Empty tables"),
        Phrase(
            "A table without rows is not an answer. If there was nothing to report in it, choose “yes” beside it "
            "above; if nothing happened at all, choose “yes” once for the whole report and send the form all the same."
        ),
    ),
    (
        Phrase("Correcting a report"),
        Phrase(
            "To correct a report, send the whole form again with the next revision number. The later replaces the "
            "earlier one."
        ),
    ),
)
SENDING = Phrase("Sending")
SENDING_STEP = N_("Save the file as {file_name} and send it by your usual channel.")
MONTH_PATTERN = Phrase("YYYY-MM")

# The units of the questionnaire, which names them in English; a sign such as % is the same in both languages.
UNITS = (
    N_("days"), N_("degrees"), N_("hectares"), N_("inspections"), N_("messages"), N_("persons"), N_("pieces"),
    N_("posts"), N_("prices"), N_("requests"), N_("seizures"), N_("vehicles"), N_("wagons"),
)  # fmt: skip


def measured_title(field: Field) -> Words:
    """Return the title of a field with its unit, in Russian behind a comma as its standards have it."""
    if not field.unit:
        return field.title
    return Words(en=f"{field.title.en} [{field.unit}]", ru=f"{field.title.ru}, {translate(field.unit, 'ru')}")


def heading(field: Field) -> Words:
    """Return the heading of a field: title, unit, and a star where an answer is required."""
    star, title = "\u00a0*" if field.constraints.required else "", measured_title(field)
    return Words(en=f"{title.en}{star}", ru=f"{title.ru}{star}")
