{#-
    Every cell of the tables and figure of the prose, one row each, out of the relations or CTEs that are named; the
    prose can be left out. `besides` are columns that all of them have, to be kept.
-#}
{% macro cells_of(request_rows, review_rows, disclosure_cells, narrative_figures=none, besides=[]) -%}
    {{ request_cells(request_rows, besides) }}
    union all
    {{ cells_beside_requests(review_rows, disclosure_cells, narrative_figures, besides) }}
{%- endmacro %}

{#- The CTEs that cells_of reads, by these names, with the rows of the reports that an earlier CTE names. -#}
{% macro rows_of_cells(reports) -%}
    {% for rows in ['request_rows', 'review_rows', 'disclosure_cells', 'narrative_figures'] %}
        {{ rows }} as (

            select * from {{ whole('int_' ~ rows) }}
            where {{ is_among('report_id', reports, 'report_id') }}

        ),

    {% endfor %}
{%- endmacro %}

{#- The cells that are not of table 三, as in int_cells. -#}
{% macro cells_beside_requests(review_rows, disclosure_cells, narrative_figures=none, besides=[]) -%}
    select
        {{ (['report_id'] + besides) | join(', ') }},
        'reviews' as form_table,
        channel as line_code,
        column_code,
        cast(value as decimal(28, 4)) as value,
        value_status,
        false as is_subtotal,
        is_without_total
    from {{ unpivoted(review_rows, result_columns(), {'value': '{}', 'value_status': '{}_status'}) }}
    union all
    select
        {{ (['report_id'] + besides) | join(', ') }},
        'disclosures' as form_table,
        line_code,
        measure_code as column_code,
        value,
        value_status,
        false as is_subtotal,
        false as is_without_total
    from {{ disclosure_cells }}
    {%- if narrative_figures %}
    union all
    select
        {{ (['report_id'] + besides) | join(', ') }},
        'narrative' as form_table,
        figure_code as line_code,
        'stated' as column_code,
        value,
        value_status,
        false as is_subtotal,
        false as is_without_total
    from {{ narrative_figures }}
    {%- endif %}
{%- endmacro %}

{#- The rows of table 三 as cells, one row each, as in int_cells. -#}
{% macro request_cells(request_rows, besides=[]) -%}
    select
        {{ (['report_id'] + besides) | join(', ') }},
        'requests' as form_table,
        line_code,
        column_code,
        cast(value as decimal(28, 4)) as value,
        value_status,
        is_subtotal,
        is_without_total
    from {{ unpivoted(request_rows, applicant_columns(), {'value': '{}', 'value_status': '{}_status'}) }}
{%- endmacro %}

{#-
    Wide rows as one row for each of their columns: its name as column_code, and the `parts` that it gives, each the
    name of a column with `{}` where that of the column stands.
-#}
{% macro unpivoted(wide_rows, columns, parts) -%}
    {{ wide_rows }} unpivot include nulls (
        ({{ parts | join(', ') }}) for column_code in (
            {%- for column in columns %}
            ({{ parts.values() | join(', ') | replace('{}', column) }}) as {{ column }}{{ ',' if not loop.last }}
            {%- endfor %}
        )
    )
{%- endmacro %}

{#- Of a wide row with a column for each kind of applicant (`natural_person_value` …), that of the kind at hand. -#}
{% macro of_applicant_type(wide_rows, part) -%}
    case applicants.applicant_type
        {%- for type in applicant_types() %}
        when '{{ type }}' then {{ wide_rows }}.{{ type }}_{{ part }}
        {%- endfor %}
    end
{%- endmacro %}

{#- The printed text of every cell of the tables, one row each, out of the relations or CTEs that are named. -#}
{% macro printed_cells_of(requests, reviews, disclosures) -%}
    select
        report_id,
        'requests' as form_table,
        line_code,
        column_code,
        printed
    from {{ unpivoted(requests, applicant_columns(), {'printed': '{}'}) }}
    union all
    select
        report_id,
        'reviews' as form_table,
        channel as line_code,
        column_code,
        printed
    from {{ unpivoted(reviews, result_columns(), {'printed': '{}'}) }}
    union all
    select
        report_id,
        'disclosures' as form_table,
        line_code,
        measure_code as column_code,
        printed
    from {{ disclosures }}
{%- endmacro %}

{#-
    The counts of reports that are looked at beside those of their bodies' other years, one row each: of table 三 the new
    requests in some of its columns, of table 四 the totals, of table 二 the decisions. Out of the CTEs that are named.
-#}
{% macro counts_beside_other_years(reports, new_requests, columns, reviews, decisions) -%}
    select
        counts.report_id,
        {{ reports }}.agency_id,
        {{ reports }}.report_year,
        counts.form_table,
        counts.line_code,
        counts.column_code,
        counts.value
    from (
        select
            report_id,
            'requests' as form_table,
            line_code,
            column_code,
            value
        from {{ unpivoted(new_requests, columns, {'value': '{}'}) }}
        union all
        select
            report_id,
            'reviews' as form_table,
            channel as line_code,
            'total' as column_code,
            total as value
        from {{ reviews }}
        union all
        select
            report_id,
            'disclosures' as form_table,
            line_code,
            measure_code as column_code,
            cast(value as bigint) as value
        from {{ decisions }}
    ) as counts
    inner join {{ reports }} on counts.report_id = {{ reports }}.report_id
    where counts.value >= 0
{%- endmacro %}
