{#- The month in which a row counts: that of its own day, up to two years before that of
    its report, else that of its report. A day in the same month of another year, or in that
    of the report once day and month are exchanged, is probably a slip. -#}
{% macro counted_month(row, day) -%}
    case
        when
            {{ row }}.{{ day }} < {{ row }}.reporting_month
            and {{ row }}.{{ day }} >= {{ row }}.reporting_month - interval 24 month
            and month({{ row }}.{{ day }}) <> month({{ row }}.reporting_month)
            and {{ row }}.{{ day }}_exchanged is null
            then cast(date_trunc('month', {{ row }}.{{ day }}) as date)
        else {{ row }}.reporting_month
    end
{%- endmacro %}
