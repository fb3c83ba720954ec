{#- A regular expression with the letters of the region's alphabets, Latin and Cyrillic,
    as ranges in place of \p{L}, \p{Lu} and \p{Ll}, which must stand within brackets. RE2 takes
    ten times as long to compile those of all alphabets, for each column and thread. -#}
{% macro in_ranges(pattern) -%}
    {{- pattern
        | replace('\\p{L}', 'A-Za-zÀ-ÖØ-öø-ɏЀ-ӿʻʼ')
        | replace('\\p{Lu}', 'A-ZÀ-ÖØ-ÞĀČĎĐĒĞĢĪİĶŇŌŘŚŞŠŪŽЀ-ЯҐҒҖҚҜҠҢҮҰҲҶҸҺӘӢӨӮ')
        | replace('\\p{Ll}', 'a-zß-öø-ÿāčďđēğģīıķňōřśşšūžа-џґғҗқҝҡңүұҳҷҹһәӣөӯ') -}}
{%- endmacro %}
