"""The words of the form that no question holds: its cover, its instructions, its hints."""

from warehouse.questionnaire.definition import Field, Words

COVER_SHEET = Words(en="Cover", ru="Титульный лист")
LISTS_SHEET = Words(en="Lists", ru="Списки")

# The reader of covers looks for these labels; no other title of the cover may be one of them.
COUNTRY = Words(en="Reporting country", ru="Отчитывающаяся страна")
PERIOD = Words(en="Reporting period", ru="Отчётный период")
VERSION = Words(en="Questionnaire version", ru="Версия вопросника")
OFFICE = Words(en="Contact (office, post)", ru="Контакт (орган, должность)")
NIL = Words(en="Nothing to report", ru="Сообщать не о чем")
REVISION = Words(en="Revision number", ru="Номер исправления")

PERIOD_HINT = Words(en="Year and month, for example 2024-05.", ru="Год и месяц, например 2024-05.")
OFFICE_HINT = Words(
    en="The office and the function of whoever answers questions. No name of a person.",
    ru="Орган и должность того, кто ответит на вопросы. Без имени.",
)
NIL_HINT = Words(
    en="Choose “yes” if no table has anything to report; leave the tables empty.",
    ru="Выберите «да», если сообщать не о чем ни в одной таблице; таблицы оставьте пустыми.",
)
REVISION_HINT = Words(
    en="0 for the first report of the month, then 1, 2, 3 for each correction.",
    ru="0 для первого отчёта за месяц, затем 1, 2, 3 для каждого исправления.",
)
YES, NO = Words(en="yes", ru="да"), Words(en="no", ru="нет")

# Behind the version of a return workbook that holds only rows with findings: sent back, it is no report.
EXCERPT = " (excerpt, выписка)"

TABLES = Words(en="Tables", ru="Таблицы")
INSTRUCTIONS = Words(en="How to fill in", ru="Как заполнять")
REQUIRED_LEGEND = Words(en="must be answered", ru="нужен ответ")
OPTIONAL_LEGEND = Words(en="if known", ru="если известно")

STEPS = (
    (
        Words(en="Rows", ru="Строки"),
        Words(
            en="Write one row for each event and leave no rows empty between.",
            ru="Одна строка на каждое событие, без пустых строк между ними.",
        ),
    ),
    (
        Words(en="Required answers", ru="Обязательные ответы"),
        Words(
            en="A dark red heading with * must be answered. If the answer is not known, write “not known”; "
            "if it is zero, write 0.",
            ru="Тёмно-красный заголовок со знаком * требует ответа. Если ответ не известен, напишите «не известно»; "
            "если это ноль, напишите 0.",
        ),
    ),
    (
        Words(en="Lists", ru="Списки"),
        Words(
            en="Where a cell offers a list, choose from it. If the right entry is missing, type it: "
            "accepted names in either language are read, others come back with a question.",
            ru="Если ячейка предлагает список, выбирайте из него. Если нужного нет, впишите сами: "
            "принятые названия на обоих языках читаются, о прочих придёт вопрос.",
        ),
    ),
    (
        Words(en="Dates and numbers", ru="Даты и числа"),
        Words(
            en="Write dates as 2024-05-31. Write numbers without their unit: the unit stands in the heading or in its "
            "own column.",
            ru="Даты пишите так: 2024-05-31. Числа пишите без единицы: она указана в заголовке или в своём столбце.",
        ),
    ),
    (
        Words(en="Personal data", ru="Личные данные"),
        Words(
            en="Never write names of persons, numbers of documents or addresses on any sheet.",
            ru="Никогда не пишите имён, номеров документов и адресов ни на одном листе.",
        ),
    ),
    (
        Words(en="Empty tables", ru="Пустые таблицы"),
        Words(
            en="A table without rows says that there was nothing to report. If nothing happened at all, choose “yes” "
            "above and send the form all the same.",
            ru="Таблица без строк означает, что сообщать не о чем. Если не было ничего, выберите «да» выше "
            "и всё равно отправьте форму.",
        ),
    ),
    (
        Words(en="Correcting a report", ru="Ошибки в отчёте"),
        Words(
            en="To correct a report, send the whole form again with the next revision number. The later replaces the "
            "earlier one.",
            ru="Чтобы исправить отчёт, отправьте всю форму снова со следующим номером исправления. Более поздняя "
            "форма заменяет прежнюю.",
        ),
    ),
)
SENDING_STEP = (
    Words(en="Sending", ru="Отправка"),
    Words(
        en="Save the file as {} and send it by your usual channel.",
        ru="Сохраните файл под именем {} и отправьте его обычным путём.",
    ),
)

UNITS_RU = {
    "%": "%", "days": "дни", "degrees": "градусы", "inspections": "досмотры", "messages": "сообщения",
    "persons": "лица", "pieces": "шт.", "posts": "должности", "prices": "цены", "requests": "запросы",
    "seizures": "изъятия", "vehicles": "машины", "wagons": "вагоны",
}  # fmt: skip


def measured_title(field: Field) -> Words:
    """Return the title of a field with its unit in brackets."""
    english, russian = (f" [{unit}]" if unit else "" for unit in (field.unit, UNITS_RU.get(field.unit or "")))
    return Words(en=f"{field.title.en}{english}", ru=f"{field.title.ru}{russian}")


def heading(field: Field) -> Words:
    """Return the heading of a field: title, unit in brackets, and a star where an answer is required."""
    star, title = "\u00a0*" if field.constraints.required else "", measured_title(field)
    return Words(en=f"{title.en}{star}", ru=f"{title.ru}{star}")
