{% macro titled_name() -%}
    {%- set apart -%} ([.]:?\s*|:\s*|\s+) {%- endset -%}
    {{ person() }}{{ apart }}([\p{L}]+[.]?:?\s+){0,3}{{ surname() }}
    {{- '|' }}{{ person() }}{{ apart }}[\p{Lu}][\p{L}]+\s+[\p{Lu}][.]
{%- endmacro %}

{#- Who is named with a family name alone. -#}
{% macro person() -%}
    (?i:гр|гр-н|гр-к[аиу]|граждан(ин|ина|ину|ка|ки|ке|ку)|подозреваем[\p{L}]+|обвиняем[\p{L}]+|(задерж|опрош|осужд|привлеч|арестов)[аеё]н[\p{L}]*|стражу
    {{- '|' }}водител[\p{L}]+|пассажир[\p{L}]*|(нарко)?курьер[\p{L}]*|владел[\p{L}]+|экспедитор[\p{L}]*|сбытчи[\p{L}]+|урожен[\p{L}]+|получател[\p{L}]+|следовател[\p{L}]+|начальник[\p{L}]*|некий
    {{- '|' }}лейтенант[\p{L}]*|капитан[\p{L}]*|майор[\p{L}]*|(под)?полковник[\p{L}]*|инспектор[\p{L}]*|кинолог[\p{L}]*
    {{- '|' }}сержант[\p{L}]*|старшин[\p{L}]+|прапорщик[\p{L}]*|рядов(ой|ым|ому)|генерал[\p{L}]*|дознавател[\p{L}]+|оперуполномоченн[\p{L}]+
    {{- '|' }}свидетел[\p{L}]+|потерпевш[\p{L}]+|фигурант[\p{L}]*|перевозчиц[\p{L}]+|сообщни[\p{L}]+|соучастни[\p{L}]+|главар[\p{L}]+|жител[\p{L}]+
    {{- '|' }}брат(а|у|ом)?|сестр[\p{L}]+|жен(а|ы|е|ой)|муж(а|у|ем)?|отец|отца|мать|матери|назвал(ся|ась)|(изъят|обнаружен|найден)[\p{L}]* у
    {{- '|' }}sergeant|private|general|victim|brother|sister|wife|husband|resident
    {{- '|' }}citizen|suspects?|detained|arrested|accused|owner|perpetrator|driver|passenger|courier|named|mrs?|ms|officer|lieutenant|captain|major|colonel|inspector)
{%- endmacro %}

{#- Endings of the families of the region, in every case of Russian. -#}
{% macro surname() -%}
    (?:[\p{Lu}][\p{L}-]+(?i:[оеё]в|[ыи]н|[сц]к(ий|ая)|енко|[oey][vw]|in|sk[iy]y?)(?i:а|у|ым|ой|е|a)?|Ким|Пак|Цой|Югай|Хегай|Kim|Pak|Tsoy)
{%- endmacro %}

{#- Given names that are common in the region, also within compounds, in Cyrillic and
    Latin letters and in the cases of Russian. -#}
{% macro given_name() -%}
    (?i:алишер|рустам|бахти[её]р|азиз|фарход|шерзод|тимур|нурлан|ерлан|ержан|мансур|мухиддин|нурсултан|севара|лола|дилдора|хамид|имран|алексе[\p{L}]|данияр|асхат|даурен|айгуль|гульнара|мадина
    {{- '|' }}диль?шод|жасур|отабек|санжар|улугбек|акмал|бекзод|фируз|далер|джамшед|умед|сухроб|зафар|бакыт|айнура|мерген
    {{- '|' }}батыр|мурад|абдулло|иван|серг[\p{L}]{2}|андре[\p{L}]|александр|дмитри[\p{L}]|никола[\p{L}]|ольга
    {{- '|' }}елена|наталья|мария|виктор|владимир|михаил|юри[\p{L}]|шухрат|толиб|нигора|гулнора|гулбахор|зарина|нилуфар|фарр?ух
    {{- '|' }}фатима|зухра|дилноза|малика|зулфия|шахноза|хуршед|парвиз|искандер|мехроб|комрон|ильхом|илхом|баходир|жахонгир|айдос
    {{- '|' }}кайрат|асель|айжан|улан|сердар|огульджан|исмаил[\p{L}]*|[\p{L}]*му[хҳ]аммад[\p{L}]*|ахмад|карим|рахим|мирзо|наби
    {{- '|' }}anna|alisher|rustam|bakhti[yj]or|aziz|farhod|sherzod
    {{- '|' }}timur|nurlan|yerlan|mansur|sardor|guldasta|dildora|hamid|imran|daniyar|askhat|aigul|gulnara|madina|dilshod|jasur|otabek|sanjar|ulugbek|akmal|bekzod
    {{- '|' }}firuz|daler|jamshed|umed|suhrob|zafar|bakyt|merg?en|murad|ivan|sergei|sergey|andrei|alexander|dmitry|elena
    {{- '|' }}shukhrat|tolib|nigora|gulnora|gulbahor|zarina|nilufar|farr?ukh|fatima|zuhra|dilnoza|malika|khurshed|parviz|anvar|tolegen
    {{- '|' }}[\p{L}]*m[uo]hamm[ae]d[\p{L}]*|ahmad|karim|rahim
    {{- '|' }}[\p{L}]{2,}(бек|бай|жан|жон|джон|улло|мур[аo]т|мурод|г[уү]ль?|дин|bek|zhan|jon|ullo|mur[ao][dt]|gul|din))
    {{- '' }}(?i:а|у|е|ом|ем|ой|ы)?
{%- endmacro %}

{% macro known_name() -%}
    {{ surname() }}\s+{{ given_name() }}{{ '|' }}{{ given_name() }}\s+{{ surname() }}
{%- endmacro %}

{#- Names of Afghans, who mostly have no family name: a compound of which one part is
    known, an origin, or a father (K. Megerdoomian, The Structure of Afghan Names, 2009). -#}
{% macro afghan_name() -%}
    {%- set word -%} [\p{Lu}][\p{L}]{2,} {%- endset -%}
    {%- set first -%}
    (?:Абдул|М[оу][хҳ]амм?[ае]д|Гуль?|Гулам|Хаджи|Мулла|Саи?[ийе]д|Ахмад|Abdul|M[ou]hamm[ae]d|Gul|Gh?ulam|Hajj?i|Mulla[h]?|Sa[iy]+[ei]?d|Ahmad)
    {%- endset -%}
    {%- set last -%} (?:Хан|Джан|Шах|Зай|Ахмад|Мохаммад|Khan|Jan|Shah|Zai|Ahmad|M[ou]hamm[ae]d) {%- endset -%}
    {{ first }}\s+{{ word }}{{ '|' }}{{ word }}\s+{{ last }}(?:а|у|ом|ем|е)?
    {{- '|' }}[\p{Lu}][\p{L}]{2,}(?i:ullah?|улл[аоыеу]х?|уллой)
    {{- '|' }}{{ word }}\s+(?i:сын(а|у|ом)?|дочь?(ери)?|son of|daughter of)\s+{{ word }}
    {{- '|' }}{{ given_name() }}\s+[\p{Lu}][\p{L}]{3,}(?:и|i|zai|зай|зада|zada)
{%- endmacro %}
