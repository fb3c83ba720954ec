"""Words below the headings of an empty table: whether they say that there was nothing to report.

"Изъятий не было", "no seizures in May", "жоқ". A text says so if it denies something and holds no other words than the
usual ones of such a line; "данные позже" and "см. приложение" leave the table without an answer.
"""

import re
from pathlib import Path

from warehouse.questionnaire.codelists import load_codelist, means_yes
from warehouse.questionnaire.cover import COVER_LABELS, TABLE_NIL_LABELS
from warehouse.questionnaire.headings import heading_key

_MAX_CHARACTERS = 200
_DENYING = re.compile(
    r"нет|не|ни|нул(?:ев[а-я]+|ь)|никак[а-я]+|отсутств(?:ует|уют|овал[аои]?)|nil|none|no|not|nothing|zero|"
    r"жоқ|болма[а-я]+|тіркелме[а-я]+|анықталма[а-я]+|жок|эмес|нест|набуд[а-я]*|нашуд[а-я]*|"
    r"ýok|bolmady|däl|yo'q|bo'lma[a-z]+|aniqlanma[a-z]+|йўқ|бўлма[а-я]+|аниқланма[а-я]+"
)
_USUAL = re.compile(
    # what was not: verbs
    r"был[аои]?|име(?:ется|ются|лось|лись)|изымал(?:ось|ись)|производил(?:ось|ись)|проводил(?:ось|ись)|"
    r"(?:за)?регистрирован[аоы]?|зафиксирован[аоы]?|выявлен[аоы]?|произошло|"
    r"was|were|is|are|there|have|has|had|been|made|recorded|registered|found|detected|toreport|reported|"
    r"болған|болды|тіркелген|болгон|катталган|bo'lgan|бўлган|"
    # of what: the tables and their rows
    r"изъяти[а-я]+|задержани[а-я]+|задержанн[а-я]+|случа(?:и|ев|я)|факт(?:ы|ов|а)?|событи[а-я]+|происшестви[а-я]+|"
    r"операци[а-я]+|мероприяти[а-я]+|обмен[а-я]*|цен(?:ы)?|лиц[а]?|нарушени[а-я]+|наркотик[а-я]*|наркотическ[а-я]+|"
    r"психотропн[а-я]+|прекурсор[а-я]*|средств[а-я]*|веществ[а-я]*|контрабанд[а-я]+|лаборатори[а-я]+|посев[а-я]*|"
    r"уничтожени[а-я]+|сообщать|чем|seizures?|cases?|events?|incidents?|activit(?:y|ies)|operations?|exchanges?|"
    r"prices?|persons?|arrests?|offences?|drugs?|narcotics?|precursors?|contraband|laborator(?:y|ies)|eradication|"
    r"any|фактілер[а-я]*|фактылар[а-я]*|ҳолат[а-я]*|holat[a-z]*|"
    # when: the period, whose months are in a list of their own
    r"отчетн[а-я]+|период[а-я]*|месяц[а-я]*|г|год[а-я]*|текущ[а-я]+|данн(?:ый|ом)|этот|этом|"
    r"за|в|во|на|о|об|и|по|"
    r"the|this|in|for|of|on|during|or|and|month|period|reporting|"
    r"осы|бұл|бул|ушул|айда|ай|есепті|кезеңде|ин|дар|моҳ|bu|шу|shu|oyda|ойда|aýda"
)
# What denies the denial: "нет, изъятия были", "no: see below"; and a number, which counts something if it is no year.
_AFFIRMED = re.compile(r"^\W*(?:нет|no)\s*[,:;.]\s*\w|(?<!не )\bбыл[аои]?\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_NIL_KEYS = frozenset(map(heading_key, (*COVER_LABELS["nil_return"], *TABLE_NIL_LABELS)))


def says_nil(text: str, codelists: Path) -> bool:
    """Tell whether a text says that there was nothing; ``codelists`` is the folder of the seeds."""
    if len(text) > _MAX_CHARACTERS:
        return False
    if means_yes(text.strip(" .!-–—"), codelists) is False or heading_key(text) in _NIL_KEYS:
        return True
    months = load_codelist(codelists, "months")
    plain = re.sub(r"[`´ʹʻʼ‘’′]", "'", text.casefold().replace("ё", "е")).replace("to report", "toreport")
    if _AFFIRMED.search(plain) or re.search(r"\d", _YEAR.sub("", plain)):
        return False
    words = _WORD.findall(plain)
    if "reported" in words and {"no", "nil", "zero"}.isdisjoint(words):  # "not reported" answers nothing
        return False
    denying = [word for word in words if _DENYING.fullmatch(word)]
    others = [word for word in words if word not in denying]
    if {*denying} == {"not"} and not re.search(
        r"seiz|case|event|incident|activit|operation|exchange|contraband", plain
    ):
        return False
    return bool(denying) and all(_USUAL.fullmatch(word) or months.code_of(word) for word in others)
