"""Rules between the fields of a seizure: quantity and unit, drug and weight, country and place."""

from expectations.gate.rules import Rule, query, rows_where
from expectations.submissions.fields import field_rule
from expectations.submissions.wider_groups import NAMED_ROWS, NO_CHANCE, levels_of, rows_shown
from warehouse.questionnaire.codelists import KNOWN_DRUG
from warehouse.questionnaire.definition import Table
from warehouse.words.catalogue import N_, in_every_language, listed

# The unit of the quantity is unambiguous. Where it is not, another rule reports an error, and the rules that use this
# condition do not apply.
_UNIT_IS_CLEAR = """quantity is not null and quantity_problem is null and (
    quantity_unit_text is null or quantity_unit_code = coalesce(unit_code, quantity_unit_code)
)"""

# Terms for transport by sea; other water transport is possible in the region, e.g. across the Pyanj.
_SEA = r"(^|[^A-Za-zЀ-ӿ])(sea|maritime|ocean)|морск|океан"

_INLAND = """
    inner join (
        select code, coastal_place_pattern from seeds.countries where is_landlocked
    ) as inland on sent.country_code = inland.code
    left join (select code, is_maritime from seeds.installations) as sites on sent.installation_code = sites.code"""

_IS_INLAND = "coalesce({}, '') = '' or not regexp_matches(lower(concat_ws('; ', {})), {})"


def seizure_rules(table: Table) -> list[Rule]:
    """Return the rules that relate two answers about a seizure, or an answer to the attributes of its code."""
    return [
        _unit_missing_rule(table),
        *_unit_rules(table),
        _conversion_rule(table),
        _plausibility_rule(table),
        _total_rule(table),
        *_country_rules(table),
        *_sea_rules(table),
        _damage_rule(table),
    ]


def _unit_missing_rule(table: Table) -> Rule:
    """Return the rule that replaces the derived one of a required field.

    An unknown quantity needs no unit, and the cell of the quantity may contain it.
    """
    return field_rule(
        table.field("unit"), "value_missing", "error",
        N_('the cell is empty, so nobody knows what "{quantity_text}" means. Write the unit, for example kg.'),
        failing=rows_where(
            "unit_text is null and quantity_unit_text is null and quantity_text is not null "
            "and quantity_missing_code is null"
        ),
    )  # fmt: skip


def _unit_rules(table: Table) -> list[Rule]:
    quantity = table.field("quantity")
    titles = {"unit_title": listed([table.field("unit").title])}
    return [
        field_rule(
            quantity, "quantity_has_words", "error",
            N_(
                '"{value}" is not a number and "{quantity_unit_text}" is no unit of the list. Write the number alone '
                "in this column and its unit in {unit_title}."
            ),
            constants=titles,
            failing=rows_where(
                "quantity_unit_text is not null and quantity_unit_code is null and quantity_problem is null"
            ),
        ),
        field_rule(
            quantity, "unit_contradicted", "error",
            N_(
                '"{value}" says {quantity_unit_code} and {unit_title} says {unit_code}. Write the number alone and '
                "correct the unit that is wrong."
            ),
            constants=titles,
            failing=rows_where("quantity_unit_code <> unit_code and quantity_problem is null"),
        ),
        field_rule(
            quantity, "unit_in_quantity", "warning",
            N_(
                '"{value}" holds its unit too. Write the number alone here and {quantity_unit_code} in {unit_title}.'
            ),
            constants=titles,
            failing=rows_where(
                "quantity_problem is null and quantity_unit_code is not null "
                "and (unit_text is null or quantity_unit_code = unit_code)"
            ),
        ),
    ]  # fmt: skip


def _conversion_rule(table: Table) -> Rule:
    return field_rule(
        table.field("unit"), "unit_not_converted", "warning",
        N_(
            'a quantity in "{unit_shown}" cannot be turned into kilograms, litres or pieces, so it enters no total. '
            "Give the weight if it was weighed."
        ),
        failing=rows_where(
            f"""{_UNIT_IS_CLEAR} and drug_code is not null and coalesce(unit_code, quantity_unit_code) is not null
                and coalesce(units.dimension, '') not in ('MASS', 'VOLUME', 'COUNT')
                and coalesce(quantity_kg, quantity_litres, quantity_count) is null""",
            joins="""
                left join (select code, dimension from seeds.units) as units
                    on coalesce(sent.unit_code, sent.quantity_unit_code) = units.code""",
            columns=["coalesce(unit_text, quantity_unit_text) as unit_shown"],
            suspects="coalesce(quantity_kg, quantity_litres, quantity_count) is null",
        ),
    )  # fmt: skip


_SUSPICIONS = {
    "KG": N_("Grams may have been entered as kilograms."),
    "T": N_("Kilograms may have been entered as tonnes."),
    "G": N_("A decimal mark may have been lost, or milligrams entered as grams."),
}
_OTHER_SUSPICION = N_("A decimal mark may have been lost, or the unit may be another.")


def _suspicion() -> str:
    """Return the SQL column of what the error may be, in every language, by the unit as sent."""
    cases = " ".join(f"when '{code}' then {_words(text)}" for code, text in _SUSPICIONS.items())
    return f"case coalesce(unit_code, quantity_unit_code) {cases} else {_words(_OTHER_SUSPICION)} end as suspicion"


def _words(text: str) -> str:
    words = ", ".join(f"'{language}': '{translation}'" for language, translation in in_every_language(text).items())
    return "{" + words + "}"


def _plausibility_rule(table: Table) -> Rule:
    return field_rule(
        table.field("quantity"), "quantity_implausible", "warning",
        N_(
            "{weight_kg} kg of {reported_drug_code} are more than {plausible_maximum_kg} kg, the most that one seizure "
            "plausibly holds. {suspicion} Check the case and confirm or correct it."
        ),
        failing=rows_where(
            f"{_UNIT_IS_CLEAR} and coalesce(quantity_kg, equivalent_kg) > plausible_maximum_kg "
            f"and quantity <= {table.field('quantity').constraints.maximum:.15g}",
            joins=f"""
                inner join (select code, plausible_maximum_kg from seeds.drugs) as drugs
                    on {KNOWN_DRUG} = drugs.code""",
            columns=[
                "plausible_maximum_kg",
                "coalesce(quantity_kg, equivalent_kg) as weight_kg",
                f"{KNOWN_DRUG} as reported_drug_code",
                _suspicion(),
            ],
        ),
    )  # fmt: skip


def _total_rule(table: Table) -> Rule:
    """Return the rule that a class of drugs is no row of its own beside all of those within it: all opiates.

    It stands once, has no number of a record, as a case has, and says exactly the sum of at least two of them, or of
    more where the sum of two is so small that it may be equal by chance.
    """
    return field_rule(
        table.field("quantity"), "row_is_sum", "error",
        N_(
            '"{value}" of a wider class is exactly the sum of the rows within it ({part_rows}): the row was taken for '
            "their total and was not counted. Leave it out; if it counts others than they do, write “confirmed” beside "
            "it in the return workbook."
        ),
        failing=query(f"""
            with recursive {levels_of("drugs", "levels")},
            wide as (
                select * from {{batch}}
                where drug_code in (select parent_code from seeds.drugs) and coalesce(quantity_kg, quantity_count) > 0
                    and record_id is null
                qualify count(*) over (partition by submission_id, drug_code) = 1
            ),
            parts as (
                select
                    sent.submission_id, levels.wider_code, count(*) as rows_count,
                    sum(sent.quantity_kg) as kg, sum(sent.quantity_count) as pieces,
                    list(sent.source_row order by sent.source_row)[:{NAMED_ROWS + 1}] as source_rows
                from {{batch}} as sent
                inner join levels on sent.drug_code = levels.code and levels.steps > 0
                where (sent.submission_id, levels.wider_code) in (select (submission_id, drug_code) from wide)
                group by sent.submission_id, levels.wider_code
            )
            select wide.*, {rows_shown("parts.")} as part_rows
            from wide
            inner join parts on wide.submission_id = parts.submission_id and wide.drug_code = parts.wider_code
            where rows_count > if(coalesce(wide.quantity_kg, wide.quantity_count) < {NO_CHANCE}, 2, 1) and abs(
                coalesce(wide.quantity_kg - parts.kg, wide.quantity_count - parts.pieces)
            ) <= 1e-9 * coalesce(wide.quantity_kg, wide.quantity_count)""", suspects="record_id is null"),
    )  # fmt: skip


def _country_rules(table: Table) -> list[Rule]:
    other = "{0}_code <> country_code and {0}_code not in (select code from seeds.missing_values)"
    named, iso3 = other.format("stated_country"), other.format("stated_iso3")
    message = N_('"{value}" is not {country_code}, which reports. Correct it, or send the row with its own country.')
    return [
        field_rule(
            table.field("stated_country"), "country_contradicted", "error", message,
            failing=rows_where(named),
        ),
        field_rule(
            table.field("stated_iso3"), "country_contradicted", "error", message,
            failing=rows_where(f"{iso3} and not coalesce({named}, false)"),
        ),
    ]  # fmt: skip


def _sea_rules(table: Table) -> list[Rule]:
    """Return the rules that a landlocked country has no sea; countries.csv has a pattern of places on the Caspian."""
    words = "sent.place, sent.admin_division_text"
    by_sea = f"transport_mode_code = 'WATER' and regexp_matches(lower(transport_mode_text), '{_SEA}')"
    inland = f"({_IS_INLAND.format('coastal_place_pattern', words, 'coastal_place_pattern')})"
    message = N_('"{value}": {country_code} has no sea at this place. Choose what is meant, for example a river bank.')
    return [
        field_rule(
            table.field("installation"), "sea_impossible", "warning", message,
            failing=rows_where(
                f"sites.is_maritime and {inland}", joins=_INLAND, suspects="installation_code is not null"
            ),
        ),
        field_rule(
            table.field("transport_mode"), "sea_impossible", "warning", message,
            failing=rows_where(
                f"{by_sea} and not coalesce(sites.is_maritime, false) and {inland}",
                joins=_INLAND,
                suspects=by_sea,
            ),
        ),
    ]  # fmt: skip


def _damage_rule(table: Table) -> Rule:
    """Return the rule against digits in words, as left by software that replaces country names by codes.

    An example is Южно-115ская for Южно-Казахстанская.
    """
    return field_rule(
        table.field("place"), "text_damaged", "warning",
        N_(
            '"{value}" has digits inside a word, as if a program had replaced letters by a code. Write the name in '
            "full."
        ),
        failing=rows_where(r"regexp_matches(place, '[A-Za-zЀ-ӿ]-?[0-9]{2,}[A-Za-zЀ-ӿ]{2,}')"),
    )  # fmt: skip
