{#-
    Every cell of the tables and figure of the prose, one row each, out of the relations or CTEs that are named; the prose
    can be left out.
-#}
{% macro cells_of(request_rows, review_rows, disclosure_cells, narrative_figures=none) -%}
    {{ request_cells(request_rows) }}
    union all
    {{ cells_beside_requests(review_rows, disclosure_cells, narrative_figures) }}
{%- endmacro %}

{#- The CTEs that cells_of reads, by these names, with the rows of the reports that an earlier CTE names. -#}
{% macro rows_of_cells(reports) -%}
    {% for rows in ['request_rows', 'review_rows', 'disclosure_cells', 'narrative_figures'] %}
        {{ rows }} as (

            select * from {{ ref('int_' ~ rows) }}
            where {{ is_among('report_id', reports, 'report_id') }}

        ),

    {% endfor %}
{%- endmacro %}

{#- The cells that are not of table 三, as in int_cells. -#}
{% macro cells_beside_requests(review_rows, disclosure_cells, narrative_figures=none) -%}
    {{ taken_apart(review_rows, ['report_id', "'reviews' as form_table", 'channel as line_code'], result_columns(), {
        'value': 'cast({} as decimal(28, 4))', 'value_status': '{}_status', 'is_subtotal': 'false',
    }) }}
    union all
    select
        report_id,
        'disclosures' as form_table,
        line_code,
        measure_code as column_code,
        value,
        value_status,
        false as is_subtotal
    from {{ disclosure_cells }}
    {%- if narrative_figures %}
    union all
    select
        report_id,
        'narrative' as form_table,
        figure_code as line_code,
        'stated' as column_code,
        value,
        value_status,
        false as is_subtotal
    from {{ narrative_figures }}
    {%- endif %}
{%- endmacro %}

{#- The rows of table 三 taken apart into cells, one row each, as in int_cells. -#}
{% macro request_cells(rows_of_requests) -%}
    {{ taken_apart(rows_of_requests, ['report_id', "'requests' as form_table", 'line_code'], applicant_columns(), {
        'value': 'cast({} as decimal(28, 4))', 'value_status': '{}_status', 'is_subtotal': 'is_subtotal',
    }) }}
{%- endmacro %}

{#-
    Wide rows taken apart, a row for each of their columns: what is `kept` of the row, the column's name as column_code,
    and the `parts` that it gives, each an expression with the column in place of `{}`.
-#}
{% macro taken_apart(wide_rows, kept, columns, parts) -%}
    {{ adapter.dispatch('taken_apart')(wide_rows, kept, columns, parts) }}
{%- endmacro %}

{% macro duckdb__taken_apart(wide_rows, kept, columns, parts) -%}
    {% for column in columns -%}
    select
        {{ kept | join(',\n        ') }},
        '{{ column }}' as column_code,
        {%- for part, expression in parts.items() %}
        {{ expression.replace('{}', column) }}{{ ' as ' ~ part if expression != part }}{% if not loop.last %},{% endif %}
        {%- endfor %}
    from {{ wide_rows }}
    {%- if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
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
    {%- set printed = {'printed': '{}'} %}
    {{ taken_apart(requests, ['report_id', "'requests' as form_table", 'line_code'], applicant_columns(), printed) }}
    union all
    {{ taken_apart(reviews, ['report_id', "'reviews' as form_table", 'channel as line_code'], result_columns(), printed) }}
    union all
    select
        report_id,
        'disclosures' as form_table,
        line_code,
        measure_code as column_code,
        printed
    from {{ disclosures }}
{%- endmacro %}

{#- Of a wide row, the column that `code` names, or what stands beside it (`_status`). -#}
{% macro of_column(wide_rows, columns, code, part='') -%}
    case {{ code }}
        {%- for column in columns %}
        when '{{ column }}' then {{ wide_rows }}.{{ column }}{{ part }}
        {%- endfor %}
    end
{%- endmacro %}
