"""The words of the sheet of findings in a return workbook, and where its parts stand."""

from warehouse.findings.finding import Severity
from warehouse.questionnaire.definition import Words

REFERENCE_LENGTH = 10


# The reader of submissions passes over sheets of instructions; a heading's brackets are not compared.
FINDINGS_SHEET = Words(en="Instructions (what to correct)", ru="Инструкция (что исправить)")
HEADER_ROW = 5
REPLY_COLUMN = 8
SHOWN_CHARACTERS = 200  # of a value

COLUMNS = {
    "number": Words(en="No.", ru="№"),
    "severity": Words(en="Severity", ru="Важность"),
    "place": Words(en="Cell", ru="Ячейка"),
    "question": Words(en="Question", ru="Вопрос"),
    "value": Words(en="Value sent", ru="Прислано"),
    "rule": Words(en="Rule", ru="Правило"),
    "reply": Words(en="Your reply", ru="Ваш ответ"),
    "reference": Words(en="Reference", ru="Метка"),
}
WHAT_IS_WRONG = Words(en="What is wrong", ru="Что не так")
SEVERITIES: dict[Severity, Words] = {
    "error": Words(en="Correct", ru="Исправить"),
    "warning": Words(en="Confirm", ru="Подтвердить"),
}
WHOLE_FILE = Words(en="the whole file", ru="весь файл")
WHAT_TO_DO = Words(
    en="Correct the red cells in this file and send it back. Where a yellow cell is right, write “confirmed” in the "
    "column “Your reply”.",
    ru="Исправьте красные ячейки в этом файле и пришлите его обратно. Если значение в жёлтой ячейке верно, напишите "
    "«подтверждаю» в столбце «Ваш ответ».",
)
CONFIRMED = Words(en="confirmed", ru="подтверждаю")
REPLY_HINT = Words(
    en="“confirmed” if the value is right, or your remark.", ru="«подтверждаю», если значение верно, или замечание."
)
EXCERPT = Words(
    en="This workbook holds only the rows with findings. Do not send it back: correct your own file.",
    ru="В этой книге только строки с замечаниями. Не присылайте её обратно: исправьте свой файл.",
)


def shortened(text: str) -> str:
    """Return a value as the sheet of findings shows it; the cell itself holds all of it."""
    return text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "…"


def unlisted(count: int) -> Words:
    """Return the notice that more was found than the sheet lists."""
    return Words(
        en=f"{count} more findings are not listed here; answer.json has all of them.",
        ru=f"Ещё {count} замечаний здесь не показаны; все они есть в answer.json.",
    )


def summary(error_count: int, warning_count: int) -> Words:
    """Return the headline: how much is to be corrected and how much to be confirmed."""
    if not error_count + warning_count:
        return Words(en="Nothing to correct", ru="Исправлять нечего")
    return Words(
        en=f"{error_count} to correct, {warning_count} to confirm",
        ru=f"Исправить: {error_count}, подтвердить: {warning_count}",
    )
