"""The charts of a profile, each with a sentence that says what one sees."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from warehouse.bulletin.charts.bars import answer_bars, range_bars, share_bars
from warehouse.bulletin.charts.drawing import Drawing
from warehouse.bulletin.charts.maps import country_map, provinces_drawn
from warehouse.bulletin.charts.style import ACCENT, ALARM, FAINT, PAPER, drug_colour
from warehouse.bulletin.charts.usual import usual_panels
from warehouse.bulletin.edition import Edition
from warehouse.bulletin.figures import Column
from warehouse.bulletin.numbers import percent
from warehouse.bulletin.peaks import peaks_by_drug
from warehouse.questionnaire.codelists import UNANSWERED, UNKNOWN
from warehouse.questionnaire.language import in_language
from warehouse.words.catalogue import N_
from warehouse.words.months import month_in_words

if TYPE_CHECKING:
    import pandas as pd

DRUGS = ("HEROIN", "OPIUM", "METHAMPHETAMINE")
_NO_SIGNAL, _SIGNALS = N_("No month was unusual."), N_("Unusual months: {months}.")
_NOT_JUDGED, _JUDGED = N_("No month could be judged."), N_("Could be judged: {judged} of {all}.")
_VERDICTS = ("HIGH", "LOW", "USUAL")  # signals of a month that could be judged
_PROVINCES, _CROSSINGS, _COUNTED = (
    N_("Provinces with the most seizures: {places}."), N_("Crossings with the most seizures: {places}."),
    N_("Number of seizures"),
)  # fmt: skip
_NOWHERE = (*UNANSWERED, "PLACE_NOT_RESOLVED")
_MOST = N_("Most often: {answers}.")
_WOMEN = N_("Women, by stage: {shares}.")
_WITHHELD, _UNKNOWN = N_("Shares of women are not shown: too few persons."), N_("Shares of women are not known.")
_PARTS = (N_("Women, juveniles, foreigners"), N_("Men, adults, own citizens"), N_("Not stated"), N_("Not shown"))
_MINORITIES = ("F", "JUVENILE", "FOREIGN")
_REPORTED = N_("Tables of which all twelve months were reported: {whole} of {tables}; none: {none}.")
_CAPTIONS = (N_("this state"), N_("median"), N_("range of the region"))
_MONTHS = 12
_QUALITY = {
    "timeliness_days": N_("Days to the first report"),
    "completeness_pct": N_("Questions answered, %"),
    "revisions_count": N_("Later reports of the month"),
}
_QUALITY_LATEST = N_("Of the latest month that was reported, {month}: {days} days, {pct} of questions answered.")


def draw_months(edition: Edition, frame: "pd.DataFrame") -> Drawing:
    """Return the months of three drugs as all members see them."""
    shown = frame.rename(columns={"quantity_kg_without_duplicates": "value"}).assign(
        lowest=float("nan"), highest=float("nan"), sign=""
    )
    return _drug_panels(edition, shown, peaks_by_drug(edition, shown, "value"))


def draw_signals(edition: Edition, frame: "pd.DataFrame") -> Drawing:
    """Return the months of three drugs with what is usual, and which months were not."""
    names = {"reported_value": "value", "lowest_usual_value": "lowest", "highest_usual_value": "highest"}
    shown = frame.rename(columns=names | {"signal_code": "sign"})
    unusual = shown[shown["sign"].isin(["HIGH", "LOW"])]
    columns = unusual[["drug_code", "sign", "month_date"]].itertuples(index=False, name=None)
    months = [
        f"{edition.name('drugs', drug)} {day:%m.%Y} ({edition.name('signals', sign).lower()})"
        for drug, sign, day in columns
    ]
    told = edition.say(_SIGNALS, months=", ".join(months)) if months else edition.say(_NO_SIGNAL)
    judged = int(shown["sign"].isin(_VERDICTS).sum())
    if not judged:
        told = edition.say(_NOT_JUDGED)
    elif judged < len(shown):
        told = f"{told} {edition.say(_JUDGED, judged=judged, all=len(shown))}"
    return _drug_panels(edition, shown, f"{peaks_by_drug(edition, shown, 'value')} {told}".strip())


def _drug_panels(edition: Edition, shown: "pd.DataFrame", message: str) -> Drawing:
    names = {code: edition.name("drugs", code) for code in DRUGS if code in {*shown["drug_code"]}}
    colours = {name: drug_colour(code) for code, name in names.items()}
    return Drawing(usual_panels(shown.assign(panel=shown["drug_code"].map(names)), colours), message)


def draw_map(country: str, edition: Edition, frame: "pd.DataFrame") -> Drawing | None:
    """Return the country with its provinces and crossings; None where the place of no seizure is known."""
    provinces = frame[frame["list_name"] == "subdivisions"]
    drawn = provinces["code"].map(provinces_drawn())
    values = {str(code): int(count) for code, count in provinces.groupby(drawn)["seizures_count"].sum().items()}
    known = frame[frame["longitude"].notna()].rename(columns={"seizures_count": "value"})
    if not values and known.empty:
        return None
    named = frame[~frame["code"].isin(_NOWHERE)]
    told = [
        edition.say(text, places=", ".join(places))
        for listed, text in (("subdivisions", _PROVINCES), ("border_points", _CROSSINGS))
        if (places := _first_places(edition, named[named["list_name"] == listed]))
    ]
    spec = country_map(country, values, known[["longitude", "latitude", "value"]], ALARM, edition.say(_COUNTED))
    return Drawing(spec, " ".join(told))


def _first_places(edition: Edition, frame: "pd.DataFrame") -> list[str]:
    most = frame.sort_values(["seizures_count", "code"], ascending=[False, True]).head(2)
    columns = most[["list_name", "code", "seizures_count"]]
    return [f"{edition.name(listed, code)} ({count})" for listed, code, count in columns.itertuples(index=False)]


def draw_answers(columns: Mapping[str, Column], edition: Edition, frame: "pd.DataFrame") -> Drawing:
    """Return the most frequent answers to the questions where and how, a panel for each question."""
    words = {code: in_language(value, edition.language) for code, value in columns["dimension_name"].words.items()}
    counts = frame[["dimension_name", "answered_count", "asked_count"]].itertuples(index=False, name=None)
    pairs = frame[["dimension_name", "code"]].itertuples(index=False, name=None)
    shown = frame.rename(columns={"seizures_count": "value"}).assign(
        panel=[f"{words[dimension]} ({answered} / {asked})" for dimension, answered, asked in counts],
        answer=[edition.name(dimension, code) for dimension, code in pairs],
    )
    first = shown[shown["place_number"] == 1]
    told = [
        f"{words[dimension]} – {answer}"
        for dimension, answer in first[["dimension_name", "answer"]].itertuples(index=False, name=None)
    ]
    return Drawing(answer_bars(shown), edition.say(_MOST, answers="; ".join(told)))


def draw_persons(columns: Mapping[str, Column], edition: Edition, frame: "pd.DataFrame") -> Drawing | None:
    """Return shares of persons by sex, age and citizenship; what is withheld, or not known, is a segment of its own.

    None where no number of all persons of a stage is shown.
    """
    words = {code: in_language(value, edition.language) for code, value in columns["characteristic_name"].words.items()}
    parts = [edition.say(part) for part in _PARTS]
    rows: list[dict[str, Any]] = []
    women = []
    whole = frame[frame["all_count"].fillna(0) > 0]
    for (stage_code, by), group in whole.groupby(["contact_stage_code", "characteristic_name"], sort=False):
        total, stage = float(group["all_count"].iloc[0]), edition.name("contact_stages", str(stage_code))
        name, rest = f"{words[str(by)]}: {stage.lower()}", 100.0
        known = group.dropna(subset=["persons_count"])[["characteristic_code", "persons_count"]]
        for code, count in known.itertuples(index=False, name=None):
            pct = 100 * float(count) / total
            rest -= pct
            rows.append({"row": name, "part": parts[_part(code)], "pct": pct, "label": percent(pct, edition.language)})
            if code == "F":
                women.append(f"{stage} – {percent(pct, edition.language)}")
        if group["persons_count"].isna().any():
            part = parts[3 if group["is_suppressed"].any() else 2]
            rows.append({"row": name, "part": part, "pct": max(rest, 0.0), "label": ""})
    if not rows:
        return None
    withheld = _WITHHELD if whole["is_suppressed"].any() else _UNKNOWN
    message = edition.say(_WOMEN, shares="; ".join(women)) if women else edition.say(withheld)
    return Drawing(share_bars(_frame(rows), dict(zip(parts, ("#5b3fa0", ACCENT, FAINT, PAPER), strict=True))), message)


def _part(code: str) -> int:
    return 0 if code in _MINORITIES else 2 if code == UNKNOWN else 1


def draw_reporting(edition: Edition, frame: "pd.DataFrame") -> Drawing:
    """Return how many months of each table a state reported, beside the range and the median of the region."""
    months = {f"{name}_months_count": name for name in ("lowest", "median", "highest")}
    shown = frame.rename(columns=months | {"reported_months_count": "value"}).assign(
        row=edition.named("tables", frame["table_name"])
    )
    own, median, spread = (edition.say(caption) for caption in _CAPTIONS)
    counts = shown["value"]
    whole, none = int((counts == _MONTHS).sum()), int((counts == 0).sum())
    message = edition.say(_REPORTED, whole=whole, tables=len(shown), none=none)
    return Drawing(range_bars(shown, (own, median, spread), _MONTHS), message)


def draw_quality(edition: Edition, frame: "pd.DataFrame") -> Drawing | None:
    """Return how late and how completely a state reported seizures, a panel for each measure."""
    names = {measure: edition.say(text) for measure, text in _QUALITY.items()}
    parts: Sequence[dict[str, Any]] = [
        {
            "panel": name,
            "month_date": row["month_date"],
            "value": row[measure],
            "lowest": row.get(f"{measure}_lowest"),
            "highest": row.get(f"{measure}_highest"),
            "is_whole": True,
            "sign": "",
        }
        for measure, name in names.items()
        for row in frame.to_dict("records")
    ]
    known = frame.dropna(subset=["timeliness_days", "completeness_pct"])
    if known.empty:
        return None
    last = known.iloc[-1]
    message = edition.say(
        _QUALITY_LATEST,
        month=month_in_words(last["month_date"], edition.language),
        days=int(last["timeliness_days"]),
        pct=percent(float(last["completeness_pct"]), edition.language),
    )
    return Drawing(usual_panels(_frame(parts), dict.fromkeys(names.values(), ACCENT), 1), message)


def _frame(rows: Sequence[Mapping[str, Any]]) -> "pd.DataFrame":
    import pandas as pd

    return pd.DataFrame(rows)
