{#- What reads like a name and is none: streets, districts, farms and operations that
    are called after somebody, states with dots, towns and plural words that end like
    a family name, and where somebody comes from ("the driver from Rostov"). -#}
{% macro named_after() -%}
    {%- set initials -%} ([\p{Lu}][.] ?){0,2} {%- endset -%}
    (?i:имени|им[.]|улиц[аеыу]|ул[.]|просп[\p{L}]*|парк[аеу]?|площад[\p{L}]+|мост|колхоз|совхоз|ферм[аеуы]|пос[.]|посёл[\p{L}]+|посел[\p{L}]+
    {{- '|' }}сел[ауео]м?|аул[аеу]?|город|застав[аеуы]|станци[\p{L}]+|вокзал[аеу]?|порт[аеу]?|завод[аеу]?|рын(ок|к[аеу])|базар[аеу]?|магазин[аеу]?
    {{- '|' }}операци[\p{L}]+|проект[аеу]?|масл[ао]|фирм[аеуы]|район[аеу]?|парти[яию]|(меш|короб|ящик|контейнер|пач|таблет|упаков|долин)[\p{L}]*|верхн[\p{L}]+|нижн[\p{L}]+|street|st[.]|operation|project|village|farm|market|station|park|company) ?
    {{- initials }}[«“"]?[\p{Lu}][\p{L}-]+( [\p{Lu}][\p{L}-]+)?
    {{- '|' }}(^|[^\p{L}])(?i:из|во?|до|города|from|in|near) [\p{Lu}][\p{L}-]+
    {{- '|' }}(^|[^\p{L}])(?i:саратов|ростов|тамбов|псков|киров|азов|серпухов|чернигов|киев|львов|харьков|могил[её]в|берлин|пекин|кишин[её]в|панфилов|молдов|остров(ов)?|штатов|нидерландов
    {{- '|' }}героин|кокаин|морфин|кодеин|(мет)?амфетамин|(псевдо)?эфедрин)[аеуо]?м?
    {{- '|' }}(^|[^\p{L}])(?i:орган|наркотик|прекурсор|эксперт|кинолог|пограничник|министр|финанс|протокол|сотрудник|офицер|ветеран|геро|борц|космонавт|документ|груз|пакет|мак)[ое]в
    {{- '|' }}\b(?i:moscow|berlin|kiev|kharkov|saratov|rostov|panfilov|heroin|(ar|nar|spar|tomor)?row|(be|f|g|s)?low|(f|n|kn|sn|gl|gr|b|h)ow|show|yellow|h?[oi]llow|willow|pillow|meadow|shadow
    {{- '|' }}window|rainbow|(inter|re|over|pre)?view|s?crew|new|few|nephew)\b
    {{- '|' }}(?i:info|office|press|contacts?|admin|mail|blo|support)@
    {{- '|' }}(?i:турсунзад[аеы]|tursunzod[ae]|\b[ud][.][skcn][.]|алишера? навои
    {{- '|' }}(джаббор|бободжон|jabbor|bobojon) [\p{L}]+)
    {{- '|' }}(?i:(sher|shir|ghulam|шер|шир|гулам)[ -]?(khan|хан)|ахмад дониш|мирзо[ -]улугбек[\p{L}]*|ahmad (shah baba|yass?awi)|(мир )?саид али хамадони|имам сахиб|imam sahib)
{%- endmacro %}
