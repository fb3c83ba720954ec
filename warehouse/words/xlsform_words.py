"""The words and names of the XLSForm that no question holds; the reader of its exports knows them by these."""

from warehouse.questionnaire.definition import Field, Table, Words

HEADER, CONTENTS = "header", "contents"
ANSWERED, MISSING = "has_", "_missing"

NO_NAMES = Words(
    en="Never write names of persons, numbers of documents or addresses.",
    ru="Никогда не пишите имён, номеров документов и адресов.",
)
PERIOD_HINT = Words(en="Choose year and month.", ru="Выберите год и месяц.")
PERIOD_PASSED = Words(en="This month has not begun.", ru="Этот месяц ещё не начался.")
REVISION_HINT = Words(
    en="Only where you correct a report that was sent: 1, 2, 3 for each correction.",
    ru="Только если вы исправляете отправленный отчёт: 1, 2, 3 для каждого исправления.",
)
NIL_HINT = Words(
    en="“Yes” if no table has anything to report; then nothing more is asked.",
    ru="«Да», если сообщать не о чем ни в одной таблице; тогда больше вопросов нет.",
)
CONTENTS_TITLE = Words(en="What do you report on?", ru="О чём вы сообщаете?")
CONTENTS_HINT = Words(
    en="“No” says that nothing happened. Leave it unanswered if somebody else reports it.",
    ru="«Нет» означает, что ничего не было. Не отвечайте, если об этом сообщает кто-то другой.",
)
REQUIRED = Words(en="Please answer this question.", ru="Ответьте, пожалуйста, на этот вопрос.")
IN_MONTH = Words(en="The date must lie in the reporting month.", ru="Дата должна быть внутри отчётного месяца.")


def answered_question(table: Table) -> Words:
    """Return the question whether a table has anything to report."""
    return Words(en=f"{table.title.en}: anything to report?", ru=f"{table.title.ru}: есть о чём сообщить?")


def missing_question(field: Field) -> Words:
    """Return the question why a required figure is not given, which a field for numbers cannot hold itself."""
    return Words(en=f"{field.title.en}: why is there no figure?", ru=f"{field.title.ru}: почему нет числа?")
