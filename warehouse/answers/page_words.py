"""The words of the page that a country gets back, in both languages; braces stand for what is filled in."""

from warehouse.questionnaire.definition import Words

WORDS = {
    "answer": Words(en="Answer to your report", ru="Ответ на ваш отчёт"),
    "other_language": Words(en="По-русски", ru="In English"),
    "country_unknown": Words(en="Country not stated", ru="Страна не указана"),
    "month_unknown": Words(en="month not stated", ru="месяц не указан"),
    # The headline, after country and month.
    "verdict_unreadable": Words(en="the file could not be used", ru="файл использовать нельзя"),
    "verdict_rejected": Words(en="not accepted, {errors} to correct", ru="не принято, исправьте {errors}"),
    "verdict_accepted_partly": Words(
        en="accepted in part, {errors} to correct", ru="принято частично, исправьте {errors}"
    ),
    "verdict_accepted_doubted": Words(en="accepted, {warnings} to confirm", ru="принято, подтвердите {warnings}"),
    "verdict_accepted": Words(en="accepted in full", ru="принято полностью"),
    "verdict_accepted_nil": Words(en="accepted, nothing to report", ru="принято, сообщать не о чем"),
    # What it means.
    "told_unreadable": Words(
        en="Nothing of this file is used. Correct what is named below in your own file and send it again.",
        ru="Ничего из этого файла не используется. Исправьте названное ниже в своём файле и пришлите его снова.",
    ),
    "told_rejected": Words(
        en="Nothing of this file is used: {why}.", ru="Ничего из этого файла не используется: {why}."
    ),
    "too_bad": Words(
        en="too large a share of its rows has errors", ru="ошибки в слишком большой доле его строк"
    ),
    "refused": Words(
        en="what is wrong concerns the file as a whole", ru="ошибки касаются файла в целом"
    ),
    "told_accepted_partly": Words(
        en="Rows accepted: {accepted} of {received}. Rows set aside because of errors: {quarantined}; they enter no "
        "figures until you correct them.",
        ru="Принято строк: {accepted} из {received}. Отложено из-за ошибок: {quarantined}; эти строки не войдут ни в "
        "какие данные, пока вы их не исправите.",
    ),
    "told_accepted_doubted": Words(
        en="All {received} rows are accepted. Some values are unusual: please confirm or correct them.",
        ru="Приняты все строки: {received}. Некоторые значения необычны: подтвердите их или исправьте.",
    ),
    "told_accepted": Words(
        en="All {received} rows are accepted. There is nothing left for you to do.",
        ru="Приняты все строки: {received}. Ничего делать не нужно.",
    ),
    "told_accepted_nil": Words(
        en="It is noted that there is nothing to report for: {tables}.", ru="Отмечено, что сообщать не о чем: {tables}."
    ),
    "told_replaced": Words(
        en="A file that came later speaks for the month; see below.",
        ru="За этот месяц действует файл, который пришёл позже; см. ниже.",
    ),
    "sent": Words(
        en="File {file}, received on {received}. Submission {id}.",
        ru="Файл {file}, получен {received}. Отправление {id}.",
    ),
    # Figures on top.
    "to_correct": Words(en="Correct", ru="Исправить"),
    "to_confirm": Words(en="Confirm", ru="Подтвердить"),
    "rows_accepted": Words(en="Rows accepted", ru="Принято строк"),
    "out_of": Words(en="of {received} received", ru="из {received} полученных"),
    "since_before": Words(en="Fixed since last time", ru="Исправлено с прошлого раза"),
    "still_open": Words(en="{left} left, {new} new", ru="осталось {left}, новых {new}"),
    "confirmed_by_you": Words(en="Confirmed by you", ru="Подтверждено вами"),
    "not_asked_again": Words(en="not asked again", ru="больше не спрашиваем"),
    # What to do.
    "what_to_do": Words(en="What to do", ru="Что сделать"),
    "open_workbook": Words(
        en="Open the file {workbook}. Cells to correct are red, cells to confirm yellow; a comment says what is wrong.",
        ru="Откройте файл {workbook}. Ошибочные ячейки в нём красные, сомнительные жёлтые; что не так, сказано в "
        "примечании к ячейке.",
    ),
    "correct_and_confirm": Words(
        en="Correct the red cells in this very file. Where a yellow cell is right, write “confirmed” beside it on the "
        "sheet “{sheet}”.",
        ru="Исправьте красные ячейки в этом же файле. Если жёлтая ячейка верна, напишите «подтверждаю» в её строке на "
        "листе «{sheet}».",
    ),
    "correct_only": Words(
        en="Correct the red cells in this very file. The sheet “{sheet}” lists them with links.",
        ru="Исправьте красные ячейки в этом же файле. Лист «{sheet}» перечисляет их со ссылками.",
    ),
    "confirm_only": Words(
        en="Where a yellow cell is right, write “confirmed” beside it on the sheet “{sheet}”; where it is wrong, "
        "correct it.",
        ru="Если жёлтая ячейка верна, напишите «подтверждаю» в её строке на листе «{sheet}»; если нет, исправьте её.",
    ),
    "send_back": Words(
        en="Save the file and send it back whole by your usual channel. It replaces this report, and a new answer "
        "comes by itself.",
        ru="Сохраните файл и пришлите его целиком обычным путём. Он заменит этот отчёт, и новый ответ придёт сам.",
    ),
    "read_below": Words(
        en="Read below what is wrong; the rows are numbered as in your file.",
        ru="Прочтите ниже, что не так; строки пронумерованы как в вашем файле.",
    ),
    "correct_own": Words(en="Correct it in your own file.", ru="Исправьте это в своём файле."),
    "send_own": Words(
        en="Send your file again whole by your usual channel. A new answer comes by itself.",
        ru="Пришлите свой файл снова целиком обычным путём. Новый ответ придёт сам.",
    ),
    "excerpt": Words(
        en="The file has too many rows to return them all. {workbook} holds only those with findings: look at it, but "
        "do not send it back.",
        ru="В файле слишком много строк, чтобы вернуть их все. В {workbook} только строки с замечаниями: смотрите в "
        "него, но не присылайте его обратно.",
    ),
    # Findings.
    "number": Words(en="No.", ru="№"),
    "place": Words(en="Where", ru="Где"),
    "question": Words(en="Question", ru="Вопрос"),
    "value": Words(en="You sent", ru="Вы прислали"),
    "what_is_wrong": Words(en="What is wrong and what to do", ru="Что не так и что сделать"),
    "own_row": Words(en="row {row} of your file", ru="строка {row} вашего файла"),
    "own_row_of_sheet": Words(en="row {row} of your sheet “{sheet}”", ru="строка {row} вашего листа «{sheet}»"),
    "whole_table": Words(en="the whole table “{table}”", ru="вся таблица «{table}»"),
    "whole_file": Words(en="the whole file", ru="весь файл"),
    "empty": Words(en="empty", ru="пусто"),
    "stood_before": Words(en="still there since last time", ru="осталось с прошлого раза"),
    "replied": Words(en="You replied: {reply}", ru="Вы ответили: {reply}"),
    "error_not_confirmed": Words(
        en="An error cannot be confirmed; please correct it.", ru="Ошибку подтвердить нельзя, исправьте её."
    ),
    "not_a_confirmation": Words(
        en="Your remark is kept. Only “confirmed” closes the question.",
        ru="Замечание сохранено. Вопрос закрывает только слово «подтверждаю».",
    ),
    "more": Words(
        en="{count} more are not shown here; answer.json lists all of them.",
        ru="Ещё {count} здесь не показаны; все они перечислены в answer.json.",
    ),
    # Sums.
    "sums": Words(en="How we read your figures", ru="Как мы прочитали ваши числа"),
    "sums_told": Words(
        en="Rows without errors only. If a sum is not what you meant, a unit or a decimal mark was read wrongly: tell "
        "us.",
        ru="Только строки без ошибок. Если сумма не та, что вы имели в виду, единица или запятая прочитаны неверно: "
        "сообщите нам.",
    ),
    "table": Words(en="Table", ru="Таблица"),
    "rows_received": Words(en="Received", ru="Получено"),
    "accepted_rows": Words(en="Accepted", ru="Принято"),
    "quarantined": Words(en="Set aside", ru="Отложено"),
    "by_table": Words(en="By table", ru="По таблицам"),
    "totals": Words(en="Sums", ru="Суммы"),
    "nil_tables": Words(en="Nothing to report: {tables}.", ru="Сообщать не о чем: {tables}."),
    "drug": Words(en="Drug or substance", ru="Наркотик"),
    "rows": Words(en="Rows", ru="Строк"),
    "kilograms": Words(en="kg", ru="кг"),
    "litres": Words(en="litres", ru="л"),
    "pieces": Words(en="pieces", ru="шт."),
    "all_drugs": Words(en="All", ru="Всего"),
    "unmeasured": Words(en="{count} without a quantity", ru="без количества: {count}"),
    # The month.
    "standing": Words(en="What stands for this month", ru="Что действует за этот месяц"),
    "in_force": Words(en="File in force", ru="Действующий файл"),
    "received": Words(en="Received on", ru="Получен"),
    "this_file": Words(en="this file", ru="этот файл"),
    "tables_and_rows": Words(en="Tables and rows", ru="Таблицы и строки"),
    "none_in_force": Words(en="nothing accepted yet", ru="пока ничего не принято"),
    "last_stays": Words(
        en="What was accepted before stays in force until a correct file comes.",
        ru="Принятое ранее остаётся в силе, пока не придёт исправленный файл.",
    ),
    "foot": Words(
        en="A row with an error enters no figures; a row with a warning does. This answer is for the office that sent "
        "the report. Times are UTC. The same as data: answer.json.",
        ru="Строка с ошибкой не входит в данные, строка с предупреждением входит. Этот ответ предназначен органу, "
        "который прислал отчёт. Время указано по UTC. То же для программ: answer.json.",
    ),
}  # fmt: skip

# Forms by the plural rules of the language, as the accusative of the headline needs them.
COUNTED = {
    "errors": {
        "en": {"one": "{} error", "other": "{} errors"},
        "ru": {"one": "{} ошибку", "few": "{} ошибки", "many": "{} ошибок", "other": "{} ошибки"},
    },
    "warnings": {
        "en": {"one": "{} value", "other": "{} values"},
        "ru": {"one": "{} значение", "few": "{} значения", "many": "{} значений", "other": "{} значения"},
    },
}
