-- Far from the usual: 3.5 robust standard deviations, as Iglewicz and Hoaglin have it
-- (How to Detect and Handle Outliers, 1993). Median and median absolute deviation, a
-- yardstick that outliers do not move, are Hampel's (Journal of the American Statistical
-- Association 69, 1974); times 1.4826 it is a standard deviation where months are normal.
{%- set far, least_months = 3.5, 12 -%}
{%- set distances = {
    'lowest_usual_value': -far, 'usual_value': 0, 'highest_usual_value': far
} %}
-- On these scales months vary alike at every height. A count varies by one here when it
-- is due to chance alone (Anscombe, Biometrika 35, 1948); a weight doubles without news.
-- That lets 10.3 kg pass where nothing is usual: news there is what exceeds every known
-- month and the amount from which a seizure of the drug is significant, an assumption.
with {{ significance_of_drugs() }},

scaled as (

    select
        measured.*,
        if(
            measured.measure_name = 'seizures_count',
            2 * sqrt(measured.observed_value + 0.375), ln(1 + measured.observed_value)
        ) as scaled_value,
        if(measured.measure_name = 'seizures_count', 1, ln(2)) as least_spread,
        ln(1 + thresholds.threshold_equivalent_kg) as significant_value
    from {{ ref('int_seizures_measured') }} as measured
    left join thresholds
        on
            measured.drug_code = thresholds.drug_code
            and measured.measure_name = 'quantity_kg'

),

-- The two years before decide what is usual: later months change no signal.
compared as (

    select
        *,
        count(scaled_value) over before as known_months_count,
        median(scaled_value) over before as usual,
        if(
            median(observed_value) over before = 0 and significant_value is not null,
            greatest(significant_value, max(scaled_value) over before) / {{ far }}, null
        ) as spread_of_none,
        greatest(
            1.4826 * mad(scaled_value) over before, least(least_spread, spread_of_none)
        ) as spread,
        known_months_count >= {{ least_months }} as is_judged,
        if(is_judged, (scaled_value - usual) / spread, null) as score
    from scaled
    window before as (
        partition by country_code, drug_code, measure_name
        order by month_date
        range between interval 24 month preceding and interval 1 month preceding
    )

)

select
    country_code,
    month_date,
    drug_code,
    measure_name,
    observation_code,
    observed_value,
    reported_value,
    questioned_value,
    {% for name, distance in distances.items() -%}
    {%- set value = 'usual + ' ~ distance ~ ' * spread' -%}
    case
        when not is_judged then null
        when measure_name = 'seizures_count'
            then greatest(power(greatest({{ value }}, 0) / 2, 2) - 0.375, 0)
        else greatest(exp({{ value }}) - 1, 0)
    end as {{ name }},
    {% endfor -%}
    score,
    case
        when observed_value is null then 'UNKNOWN'
        when not is_judged then 'NOT_JUDGED'
        when score > {{ far }} then 'HIGH'
        when score < -{{ far }} then 'LOW'
        else 'USUAL'
    end as signal_code,
    known_months_count,
    held_back_count
from compared
order by country_code, month_date, drug_code, measure_name
