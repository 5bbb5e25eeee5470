-- What the prose of a report states beside the cells that it is compared with: the terms of its identities with their
-- numbers, found from the figures that are stated.
with report_pairs as (

    select * from {{ ref('int_report_pairs') }}

),

stated_figures as (

    select * from {{ ref('int_narrative_figures') }}

),

narrative_figures as (

    select * from {{ whole('int_narrative_figures') }}
    where {{ is_among('report_id', 'report_pairs', 'source_report_id') }}

),

request_rows as (

    select * from {{ whole('int_request_rows') }}
    where not is_subtotal and {{ is_among('report_id', 'report_pairs', 'source_report_id') }}

),

review_rows as (

    select * from {{ whole('int_review_rows') }}
    where {{ is_among('report_id', 'report_pairs', 'source_report_id') }}

),

disclosure_cells as (

    select * from {{ whole('int_disclosure_cells') }}
    where {{ is_among('report_id', 'report_pairs', 'source_report_id') }}

),

terms as (

    select * from {{ ref('int_identity_cells') }}
    where family = 'narrative'

),

-- a check is made where its left side is stated
checks as (

    select distinct
        stated_figures.report_id,
        stated_figures.report_year,
        terms.identity_id
    from stated_figures
    inner join terms
        on
            terms.form_table = 'narrative'
            and stated_figures.figure_code = terms.line_code
            and terms.side = 'left'
            and terms.scope = 'own'
            and terms.year_offset = 0

),

terms_of_checks as {{ read_in_place() }} (

    select
        checks.report_id,
        checks.report_year,
        report_pairs.source_report_id,
        terms.*
    from checks
    inner join terms on checks.identity_id = terms.identity_id
    inner join report_pairs
        on
            checks.report_id = report_pairs.report_id
            and terms.scope = report_pairs.scope
            and terms.year_offset = report_pairs.year_offset

),

final as (

    {% for rows, form_table, line, columns in [
        ('request_rows', 'requests', 'line_code', applicant_columns()),
        ('review_rows', 'reviews', 'channel', result_columns()),
        ('disclosure_cells', 'disclosures', 'line_code', none),
        ('narrative_figures', 'narrative', 'figure_code', none),
    ] %}
        select
            terms_of_checks.report_id,
            terms_of_checks.report_year,
            terms_of_checks.identity_id,
            terms_of_checks.layout,
            terms_of_checks.slice,
            terms_of_checks.side,
            terms_of_checks.term_order,
            terms_of_checks.term_name,
            terms_of_checks.when_absent,
            terms_of_checks.can_raise,
            terms_of_checks.can_lower,
            terms_of_checks.coefficient,
            {% if columns %}
                cast({{ of_column(rows, columns, 'terms_of_checks.column_code') }} as decimal(28, 4)) as value,
                {{ of_column(rows, columns, 'terms_of_checks.column_code', '_status') }} as value_status
            {% else %}
                {{ rows }}.value,
                {{ rows }}.value_status
            {% endif %}
        from terms_of_checks
        inner join {{ rows }}
            on
                terms_of_checks.source_report_id = {{ rows }}.report_id
                and terms_of_checks.line_code = {{ rows }}.{{ line }}
                {% if form_table == 'disclosures' %}
                    and terms_of_checks.column_code = {{ rows }}.measure_code
                {% endif %}
        where terms_of_checks.form_table = '{{ form_table }}'
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

)

select * from final
