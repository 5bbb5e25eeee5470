{#-
    The cells of a check that hold no number, as one number: a digit to the base 6 for each term, in the order of the
    terms. 24 terms fit; a cast fails beyond. Checks with the same gaps share their counts and their words, which
    int_gap_patterns spells out once for each pattern.
-#}

{% macro gap_statuses() %}
    {% do return(['blank', 'not_applicable', 'unreadable', 'absent']) %}
{% endmacro %}

{% macro gap_code(status) -%}
    case {{ status }}
        when 'reported' then 0
        {%- for gap in gap_statuses() %}
        when '{{ gap }}' then {{ loop.index }}
        {%- endfor %}
        else 5
    end
{%- endmacro %}

{% macro gap_weight(term_order, base=6) -%}
    cast(power({{ base }}, {{ term_order }} - 1) as bigint)
{%- endmacro %}

{#- The terms of a check that hold no number, counted by what they mean for its verdict; each counts `times`. -#}
{% macro counts_of_gaps(times=1) -%}
    {%- set kinds = {
        'empty': 'is_empty',
        'raising': 'is_empty and can_raise',
        'lowering': 'is_empty and can_lower',
        'empty_left': "is_empty and side = 'left'",
        'empty_right': "is_empty and side = 'right'",
        'unreadable': "value_status in ('unreadable', 'contradictory', 'restated')",
        'missing': "value_status = 'absent' and when_absent = 'not_assessable'",
    } -%}
    {#- a number in a raising one could raise left less right, in a lowering one lower it -#}
    {%- for kind, condition in kinds.items() %}
        {%- if times == 1 %}
        count(case when {{ condition }} then 1 end) as {{ kind }}_terms{% if not loop.last %},{% endif %}
        {%- else %}
        cast(sum(case when {{ condition }} then {{ times }} else 0 end) as bigint)
            as {{ kind }}_terms{% if not loop.last %},{% endif %}
        {%- endif %}
    {%- endfor %}
{%- endmacro %}

{#- Each pattern's counts, and its reason: the names of its terms by status. `gap_terms` has a row for each term in a gap. -#}
{% macro meaning_of_gaps(gap_terms, name, times=1) -%}
    with named_terms as (

        select
            identity_id,
            gaps,
            value_status,
            {{ dbt.listagg(name, "', '", 'order by term_order') }} as term_names
        from {{ gap_terms }}
        group by identity_id, gaps, value_status

    ),

    reasons as (

        select
            identity_id,
            gaps,
            {{ dbt.listagg("value_status || ': ' || term_names", "'; '", 'order by value_status') }} as reason
        from named_terms
        group by identity_id, gaps

    ),

    counts as (

        select
            identity_id,
            gaps,
            {{ counts_of_gaps(times) }}
        from {{ gap_terms }}
        group by identity_id, gaps

    )

    select
        counts.*,
        reasons.reason
    from counts
    inner join reasons on counts.identity_id = reasons.identity_id and counts.gaps = reasons.gaps
{%- endmacro %}

{#-
    The cells of one line and column of a roll-up that hold no number, as one number: the digit of the report's own cell,
    and how many members' cells have each status, up to 9,999.
-#}
{% macro rollup_gaps(status_of_report, counts_of_members) -%}
    {{ gap_code(status_of_report) }}
    {%- for status in gap_statuses() %}
    + {{ 6 * 10000 ** loop.index0 }} * coalesce({{ counts_of_members }}_{{ status }}, 0)
    {%- endfor %}
{%- endmacro %}

{#- Of such a number, 1 where the report's own cell has the status. -#}
{% macro gap_of_report(gaps, status) -%}
    case when {{ gaps }} % 6 = {{ gap_statuses().index(status) + 1 }} then 1 else 0 end
{%- endmacro %}

{#- Of such a number, how many members' cells have the status. -#}
{% macro gaps_of_members(gaps, status) -%}
    {%- set unit = 6 * 10000 ** gap_statuses().index(status) -%}
    cast(({{ gaps }} % {{ unit * 10000 }} - {{ gaps }} % {{ unit }}) / {{ unit }} as integer)
{%- endmacro %}
