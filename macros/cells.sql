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
    {%- for column in result_columns() %}
    select
        report_id,
        'reviews' as form_table,
        channel as line_code,
        '{{ column }}' as column_code,
        cast({{ column }} as decimal(28, 4)) as value,
        {{ column }}_status as value_status,
        false as is_subtotal
    from {{ review_rows }}
    union all
    {%- endfor %}
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
    {%- for column in applicant_columns() %}
    select
        report_id,
        'requests' as form_table,
        line_code,
        '{{ column }}' as column_code,
        cast({{ column }} as decimal(28, 4)) as value,
        {{ column }}_status as value_status,
        is_subtotal
    from {{ rows_of_requests }}
    {%- if not loop.last %}
    union all
    {%- endif %}
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
    {%- for column in applicant_columns() %}
    select
        report_id,
        'requests' as form_table,
        line_code,
        '{{ column }}' as column_code,
        {{ column }} as printed
    from {{ requests }}
    union all
    {%- endfor %}
    {%- for column in result_columns() %}
    select
        report_id,
        'reviews' as form_table,
        channel as line_code,
        '{{ column }}' as column_code,
        {{ column }} as printed
    from {{ reviews }}
    union all
    {%- endfor %}
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
