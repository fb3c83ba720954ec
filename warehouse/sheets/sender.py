"""The sender of a file: what the words of its headings say of units, currencies and scales."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from warehouse.questionnaire.codelists import load_codelist
from warehouse.questionnaire.measures import CURRENCIES, UNITS, Measure, has_unclear_scale, parse_measure

_PRICED = {CURRENCIES: "currency", UNITS: "price_unit"}
# Field of a number → codelist → the field of its unit. Other numbers may have a scale only.
COMPANIONS: Mapping[str, Mapping[str, str]] = {
    "quantity": {UNITS: "unit"},
    "goods_quantity": {UNITS: "goods_unit"},
    "value_amount": {CURRENCIES: "currency"},
    **dict.fromkeys(("price_minimum", "price_typical", "price_maximum"), _PRICED),
}


@dataclass(frozen=True)
class Sender:
    """Whose words the headings are: the folder of the codelists, and the country (alpha-3) if it is known."""

    codelists: Path
    country_code: str | None

    def measure(self, texts: Sequence[str], field: str) -> Measure | None:
        """Return what the texts of a heading say about a field; None for nothing, and for two different things."""
        found = self._measures(texts, field)
        return found[0] if len({(m.power, *sorted(m.codes.items())) for m in found}) == 1 else None

    def unclear_scale(self, texts: Sequence[str], field: str) -> str | None:
        """Return what the texts of a heading say of a scale that nobody can apply; None where that is nothing."""
        lists = tuple(COMPANIONS.get(field, ()))
        unclear = [text for text in texts if has_unclear_scale(text, lists, self.codelists, self.country_code)]
        scales = {m.power: m.text for m in self._measures(texts, field)}
        return unclear[0] if unclear else "; ".join(scales.values()) if len(scales) > 1 else None

    def _measures(self, texts: Sequence[str], field: str) -> list[Measure]:
        """Return what each text says; a scale in one and the unit of it in another are one thing."""
        lists = tuple(COMPANIONS.get(field, ()))
        found = [m for text in texts if (m := parse_measure(text, lists, self.codelists, self.country_code))]
        scales, units = [m for m in found if not m.codes], [m for m in found if not m.power]
        if len(found) == len(scales) + len(units) and len(scales) == len(units) == 1:
            return [replace(units[0], text=f"{scales[0].text}, {units[0].text}", power=scales[0].power)]
        return found

    def code_of(self, codelist: str, text: str) -> str | None:
        """Return the code of a unit or currency as written."""
        return load_codelist(self.codelists, codelist).code_of(text, self.country_code)
