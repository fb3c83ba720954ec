-- Far from the usual: 3.5 robust standard deviations, as Iglewicz and Hoaglin have it
-- (How to Detect and Handle Outliers, 1993). Median and median absolute deviation, a
-- yardstick that outliers do not move, are Hampel's (Journal of the American Statistical
-- Association 69, 1974); times 1.4826 it is a standard deviation where months are normal.
{%- set far = 3.5 -%}
{%- set least_months = 12 -%}
{%- set values = {
    'lowest_usual_value': 'usual - ' ~ far ~ ' * spread',
    'usual_value': 'usual',
    'highest_usual_value': 'usual + ' ~ far ~ ' * spread',
} %}
-- On these scales months vary alike at every height. A count varies by one here when it
-- is due to chance alone (Anscombe, Biometrika 35, 1948); a weight doubles without news.
with scaled as (

    select
        *,
        if(
            measure_name = 'seizures_count',
            2 * sqrt(observed_value + 0.375), ln(1 + observed_value)
        ) as scaled_value,
        if(measure_name = 'seizures_count', 1, ln(2)) as least_spread
    from {{ ref('int_seizures_measured') }}

),

-- The two years before decide what is usual: later months change no signal.
compared as (

    select
        *,
        count(scaled_value) over before as known_months_count,
        median(scaled_value) over before as usual,
        greatest(1.4826 * mad(scaled_value) over before, least_spread) as spread
    from scaled
    window before as (
        partition by country_code, drug_code, measure_name
        order by month_date
        range between interval 24 month preceding and interval 1 month preceding
    )

),

judged as (

    select
        *,
        known_months_count >= {{ least_months }} as is_judged,
        if(
            known_months_count >= {{ least_months }},
            (scaled_value - usual) / spread, null
        ) as score
    from compared

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
    {% for name, value in values.items() -%}
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
from judged
order by country_code, month_date, drug_code, measure_name
