{#- The reasons for and against one event: one of each aspect, the strongest. -#}
{% macro match_reasons() -%}
    list_filter([
        'ANY_PAIR',
        case
            when is_same_quantity then 'SAME_QUANTITY_' || least(digits_count, 3)
            when is_rounded_quantity then 'ROUNDED_QUANTITY'
            else 'OTHER_QUANTITY'
        end,
        if(days_apart = 0, 'SAME_DAY', 'NEAR_DAY'),
        case
            when is_crossing_pair then 'CROSSING_PAIR'
            when is_same_place then 'SAME_PLACE'
            when is_same_province then 'SAME_PROVINCE'
            when is_facing then 'FACING_POINT'
            when has_provinces then 'OTHER_PROVINCE'
        end,
        if(has_different_units, 'OTHER_UNIT', 'SAME_UNIT'),
        case
            when is_linked_route then 'LINKED_ROUTE'
            when is_same_route then 'SAME_ROUTE'
            when is_other_route then 'OTHER_ROUTE'
        end,
        case
            when is_same_record then 'SAME_RECORD'
            when is_other_record then 'OTHER_RECORD'
        end
    ], reason -> reason is not null)
{%- endmacro %}
