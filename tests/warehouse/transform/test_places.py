"""Provinces that the words of a place name, by the spellings of the seeds."""

import duckdb
import pytest
from jinja2 import Environment

from warehouse.storage.settings import REPOSITORY, Settings

MACROS = REPOSITORY / "dbt_project" / "macros"
PLACES = {
    "Almaty International Airport": {"KZ-75"}, "аэропорт Алматы": {"KZ-75"}, "Аэропорт г. Алматы": {"KZ-75"},
    "в аэропорту города Тараз, зона вылета": {"KZ-31"}, "Международный аэропорт Астаны": {"KZ-71"},
    "seized in the airport of Almaty": {"KZ-75"}, "Airport Dushanbe": {"TJ-DU"}, "Ташкент, аэропорт": {"UZ-TK"},
    "аэропорт имени Ислама Каримова": {"UZ-TK"}, 'терминал 2, "аэропорт Манас"': {"KG-C"}, "Kabul Airport": {"AF-KAB"},
    "морской порт Актау": {"KZ-47"}, "Port of Turkmenbashi": {"TM-B"}, "город Алматы": {"KZ-75"},
    "г. «Алматы»": {"KZ-75"}, '"Хатлон"': {"TJ-KT"}, "кафе «Ташкент», Бишкек": {"KG-GB"}, 'train 11 "Almaty"': set(),
    "гостиница «Шымкент»": set(), "аэропорт Домодедово": set(), "аэропорт": set(), "airport": set(), "г.": set(),
    "": set(), "airport Dushanbe city": {"TJ-DU"}, "Баткен, Ош": {"KG-B", "KG-GO"}, "г. Ош": {"KG-GO"},
    "город Ош": {"KG-GO"}, "Osh city": {"KG-GO"}, "г. Атбасар Акмолинская обл": {"KZ-11"},
    "Атбасар Акмолинская область": {"KZ-11"}, "г.Алга Актюбинской области": {"KZ-15"}, "г. Риддер ВКО": {"KZ-63"},
    "г. Есиль, Акмолинской обл.": {"KZ-11"}, "Sogd province. Khudjand city": {"TJ-SU"},
    "Khatlon province Yavan district": {"TJ-KT"}, "в Горно-Бадахшанской автономной области, 5 км": {"TJ-GB"},
    "Нукус Республики Каракалпакстан": {"UZ-QR"}, "трасса Бишкек - Ош": set(), "Ош, областная больница": {"KG-GO"},
    "село Абай, область": set(), "Khorog GBAO": {"TJ-GB"}, "областной суд Нарын": set(),
    "Dushanbe city. Firdavsi district": {"TJ-DU"}, "автовокзал г.Алматы": {"KZ-75"},
    "railway station Dushanbe city": {"TJ-DU"}, "автовокзал": set(),
}  # fmt: skip


@pytest.fixture(scope="module")
def found() -> dict[str, set[str]]:
    """Text of a place → provinces, as int_places_found finds them."""
    files = (MACROS / "typing" / "spelling_key.sql", MACROS / "matching" / "place_words.sql")
    macros = "".join(path.read_text(encoding="utf-8") for path in files)

    def render(call: str) -> str:
        return Environment(autoescape=False).from_string(f"{macros}{{{{ {call} }}}}").render().strip()  # noqa: S701

    seeds = Settings().codelists
    with duckdb.connect() as connection:
        connection.execute("create table sent as select unnest(?::varchar[]) as place", [list(PLACES)])
        rows = connection.execute(
            f"""
            select place, code
            from (select place, unnest({render("place_words('place_key')")}) as word
                  from (select place, {render("spelling_key('place')")} as place_key from sent)) as words
            inner join (
                select code, unnest([name_en, name_ru]) as spelling
                from read_csv('{seeds}/codelists/subdivisions.csv', all_varchar = true)
                union all
                select code, spelling from read_csv('{seeds}/spellings/subdivisions_spellings.csv', all_varchar = true)
            ) as known on word = {render("spelling_key('spelling')")}
            """
        ).fetchall()
    return {place: {code for other, code in rows if other == place} for place in PLACES}


@pytest.mark.parametrize("place", PLACES)
def test_an_airport_lies_in_its_province_and_a_train_in_none(place: str, found: dict[str, set[str]]) -> None:
    assert found[place] == PLACES[place]
