{% from 'audit/queries/seen.sql' import seen_in with context %}
{% set form_table = 'requests' %}
-- The terms are lines of table 三: their rows are summed down all seven columns, and only the sums are unpivoted.
with terms (line_code, year_offset, is_subtotal, left_weight, right_weight, term_bit, {{ statuses | join(', ') }}) as (

    values
    {% for term in terms %}
        (
            '{{ term.line_code }}', {{ term.year_offset }}, {{ term.rows == 'subtotals' }}, {{ term.left_weight }}, {{ term.right_weight }},
            {{ term.bit }}, {{ term.seen | join(', ') }}
        ){% if not loop.last %},{% endif %}
    {% endfor %}

),

request_rows as (

    {% for year_offset in year_offsets %}
        select
            {{ year_offset }} as year_offset,
            {% if year_offset %}sources.report_id, request_rows.* exclude (report_id){% else %}request_rows.*{% endif %}
        from intermediate.int_request_rows as request_rows
        {% if year_offset %}
            inner join ({% include 'audit/queries/reports_of_year.sql' %}) as sources
                on request_rows.report_id = sources.source_report_id
        {% endif %}
        where
            true
            {% if not year_offset %}{% include 'audit/queries/of_reports_checked.sql' %}{% endif %}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

sums_of_columns as materialized (

    select
        report_id,
        bit_or(term_bit) as terms_found,
        {% for column in applicant_columns %}
            sum(left_weight * {{ column }}) as {{ column }}_lhs,
            sum(right_weight * {{ column }}) as {{ column }}_rhs,
            bit_or({{ seen_in(column ~ '_status', statuses) }}) as {{ column }}_seen{% if not loop.last %},{% endif %}
        {% endfor %}
    from request_rows
    inner join terms using (line_code, year_offset, is_subtotal)
    group by report_id

)

{% for column in applicant_columns %}
    select
        report_id,
        '{{ column }}' as slice,
        coalesce({{ column }}_lhs, 0) as lhs,
        coalesce({{ column }}_rhs, 0) as rhs,
        {{ column }}_seen as seen,
        terms_found
    from sums_of_columns
    {% if not loop.last %}union all{% endif %}
{% endfor %}
