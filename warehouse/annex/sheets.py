"""Sheets: which figures of a release stand in which column of UNODC's annexes and of its annual questionnaire.

Annexes 7.1 and 8.1 are those of the World Drug Report, with its headings. Of the modules A06, A09 and A10 of the annual
report questionnaire (ARQ) no column could be read: they hold what is asked, under headings of our own, to be copied.
"""

from dataclasses import dataclass
from typing import Literal

Edition = Literal["public", "members"]

# What a sheet is made of: the codes of a mart with their labels.
_NAMED = "join dim_drugs using (drug_code) join dim_countries using (country_code)"
_LEVEL = "join dim_codes as levels on levels.codelist_name = 'market_levels' and levels.code = market_level_code"
_UNIT = "join dim_codes as units on units.codelist_name = 'units' and units.code = priced_unit_code"


@dataclass(frozen=True)
class AnnexSheet:
    """A sheet: its title, why its cells are what they are, and the query of its rows, whose columns are its headings.

    ``edition`` is that which the query reads; what only members see is written where it is asked for. ``{year}`` in
    the query is the condition on ``calendar_year``.
    """

    name: str
    title: str
    notes: str
    query: str
    edition: Edition = "public"


_PRICES = f"""
    with prices as (
        select country_code, year(month_date) as calendar_year, drug_code, market_level_code, priced_unit_code,
            median(typical_usd) as typical_usd, min(minimum_usd) as minimum_usd, max(maximum_usd) as maximum_usd
        from rpt_prices_by_month group by all
        having count(typical_usd) + count(minimum_usd) + count(maximum_usd) > 0)
    select {{columns}} from prices {_NAMED} {_LEVEL} {_UNIT} where {{{{year}}}} order by all"""
_PRICE_COLUMNS = """typical_usd as "Typical_USD", minimum_usd as "Minimum_USD", maximum_usd as "Maximum_USD",
    units.name_en as "Unit", calendar_year as "Year\""""

SHEETS = (
    AnnexSheet(
        "Seizures",
        "7.1 Drug seizures",
        "Kilogram equivalents of the cases that a state has submitted, without presumed double reports; not its "
        "national total. The footnote says what they leave out. Do not add plants to drugs.",
        f"""
        select 'Asia' as "Region", country_name_en as "Country", drug_group_name_en as "DrugGroup",
            drug_name_en as "DrugName", calendar_year as "Reference year",
            equivalent_kg_without_duplicates as "Kilograms", country_code as "Iso3_code",
            'cases submitted by the state' as "Source",
            concat_ws('; ',
                if(reported_months_count < 12, reported_months_count || ' of 12 months reported', null),
                if(known_quantity_count < seizures_count,
                    seizures_count - known_quantity_count || ' of ' || seizures_count || ' seizures without a quantity',
                    null),
                if(held_back_count > 0, 'rows held back by errors: ' || held_back_count, null),
                if(questioned_kg_without_duplicates > 0,
                    round(questioned_kg_without_duplicates, 3) || ' kg are questioned', null)) as "Footnote"
        from rpt_seizures_by_year {_NAMED}
        where equivalent_kg_without_duplicates is not null and {{year}} order by all""",
    ),
    AnnexSheet(
        "National totals",
        "7.1 Totals that UNODC has published, beside the cases",
        "By class of drugs, as UNODC publishes them. A year without cases has its total all the same.",
        """
        select country_name_en as "Country", classes.name_en as "Class", calendar_year as "Reference year",
            national_total_kg as "Kilograms published", edition_code as "Edition",
            equivalent_kg_without_duplicates as "Kilograms of cases", comparisons.name_en as "Comparison",
            country_code as "Iso3_code"
        from rpt_national_totals join dim_countries using (country_code)
        join dim_codes as classes on classes.codelist_name = 'unodc_classes' and classes.code = unodc_class_code
        join dim_codes as comparisons
            on comparisons.codelist_name = 'comparisons' and comparisons.code = comparison_code
        where {year} order by all""",
    ),
    AnnexSheet(
        "Prices in USD",
        "8.1 Prices",
        "Typical is the median of the typical prices of the months, the others are the least and the most of the year. "
        "What rests on fewer than three observations is left out. Not adjusted for purity.",
        _PRICES.format(
            columns='country_name_en as "Country/Territory", drug_group_name_en as "DrugGroup", '
            f'drug_name_en as "Drug", levels.name_en as "LevelOfSale", {_PRICE_COLUMNS}'
        ),
    ),
    AnnexSheet(
        "Purities",
        "8.1 Purities",
        "Of seizures whose purity was measured; typical is their mean. Only for members: a purity describes single "
        "seizures.",
        f"""
        select country_name_en as "Country/Territory", drug_group_name_en as "DrugGroup", drug_name_en as "Drug",
            mean_purity_pct as "Typical", lowest_purity_pct as "Minimum", highest_purity_pct as "Maximum",
            '% (percent)' as "Measurement", calendar_year as "Year"
        from rpt_purity_by_year {_NAMED} where {{year}} order by all""",
        "members",
    ),
    AnnexSheet(
        "A06 seizures",
        "ARQ A06 Seizures: number and amount",
        "Bulk weight, litres and each counted unit (tablets, ampoules, plants) stand apart, none is converted; without "
        "presumed double reports. Rows that errors hold back are in no figure; where all are, the number is not known.",
        f"""
        with counted as (
            select country_code, calendar_year, drug_code,
                string_agg(format('{{{{:.15g}}}} {{{{}}}}', quantity_count_without_duplicates, name_en), '; '
                    order by name_en) as units
            from rpt_seizures_by_counted_unit
            join dim_codes on codelist_name = 'units' and code = counted_unit_code
            where quantity_count_without_duplicates is not null group by all)
        select country_name_en as "Country", calendar_year as "Year", drug_group_name_en as "Drug group",
            drug_name_en as "Drug",
            if(seizures_count = 0, null, seizures_count - presumed_duplicate_count) as "Number of seizures",
            quantity_kg_without_duplicates as "Kilograms", quantity_litres_without_duplicates as "Litres",
            counted.units as "Counted units", reported_months_count as "Months reported",
            held_back_count as "Rows held back"
        from rpt_seizures_by_year {_NAMED} left join counted using (country_code, calendar_year, drug_code)
        where {{year}} order by all""",
    ),
    AnnexSheet(
        "A06 trafficking",
        "ARQ A06 Trafficking: places, means and ways, 1 is the most frequent",
        "By number of seizures; those that do not answer the question are left out. Only for members: it describes "
        "single seizures.",
        f"""
        select country_name_en as "Country", calendar_year as "Year", drug_name_en as "Drug",
            dimension_name as "Question", name_en as "Answer",
            rank() over (
                partition by country_code, calendar_year, drug_code, dimension_name order by seizures_count desc
            ) as "Rank", seizures_count as "Number of seizures", seizures_pct as "Per cent of all seizures"
        from rpt_seizures_by_context {_NAMED}
        join dim_codes on codelist_name = dimension_name and code = dimension_code
        where dimension_code <> 'NOT_ANSWERED' and {{year}}
        order by "Country", "Year", "Drug", "Question", "Rank", "Answer\"""",
        "members",
    ),
    AnnexSheet(
        "A09",
        "ARQ A09 Prices",
        "The figures of “Prices in USD” by country and year. Prices in national currency are in no public edition.",
        _PRICES.format(
            columns='country_name_en as "Country", drug_name_en as "Drug", '
            f'levels.name_en as "Level of sale", {_PRICE_COLUMNS}'
        ),
    ),
    AnnexSheet(
        "A10",
        "ARQ A10 Persons in formal contact",
        "Counts of a whole year, which appear when it is over; empty and “suppressed” where the public edition hides a "
        "count. Stages are not to be added.",
        """
        select coalesce(country_name_en, 'All states that report') as "Country", calendar_year as "Year",
            stages.name_en as "Stage", coalesce(offences.name_en, 'All offences') as "Offence",
            characteristic_name as "Divided by", coalesce(labels.name_en, characteristic_code) as "Value",
            persons_count as "Persons", if(is_suppressed, 'suppressed', null) as "Note"
        from rpt_persons_by_period
        left join dim_countries using (country_code)
        join dim_codes as stages on stages.codelist_name = 'contact_stages' and stages.code = contact_stage_code
        left join dim_codes as offences on offences.codelist_name = 'offences' and offences.code = offence_code
        left join dim_codes as labels on characteristic_code <> 'TOTAL' and labels.code = characteristic_code
            and labels.codelist_name = if(characteristic_name = 'sex', 'sexes', 'age_groups')
        where month_number = 0 and {year} order by all""",
    ),
)
