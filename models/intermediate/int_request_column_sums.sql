{{ by_report('int_touched_reports', 'has_new_checks', has_years=true) }}

-- Both sides of the identities of table 三 that are checked column by column, over the reported cells, with the
-- pattern of the terms that hold none. The seven columns stay side by side.
with report_pairs as (

    select * from {{ rows_touched(ref('int_report_pairs'), 'int_touched_reports', 'has_new_checks') }}

),

rows_of_requests as {{ read_in_place() }} (

    select * from {{ rows_looked_at(ref('int_request_rows')) }}

),

reports as (

    select * from {{ rows_touched(ref('int_reports'), 'int_touched_reports', 'has_new_checks') }}

),

identities as (

    select * from {{ ref('int_wide_identities') }}
    where form_table = 'requests' and slice_by = 'column'

),

identity_terms as (

    select * from {{ ref('identity_terms') }}

),

terms as (

    select
        identity_terms.identity_id,
        identities.is_within_table,
        identity_terms.scope,
        identity_terms.year_offset,
        identity_terms.line_code,
        case when identity_terms.side = 'left' then identity_terms.coefficient end as left_weight,
        case when identity_terms.side = 'right' then -identity_terms.coefficient end as right_weight,
        case when identities.is_within_table then {{ gap_weight('identity_terms.term_order') }} else 0 end
            as gap_weight
    from identity_terms
    inner join identities on identity_terms.identity_id = identities.identity_id

),

weighted_rows as (

    select
        rows_of_requests.report_id,
        {% for column in applicant_columns() %}
            rows_of_requests.{{ column }},
            rows_of_requests.{{ column }}_status,
        {% endfor %}
        terms.identity_id,
        terms.left_weight,
        terms.right_weight,
        terms.gap_weight
    from rows_of_requests
    inner join terms on rows_of_requests.line_code = terms.line_code
    where terms.is_within_table and not rows_of_requests.is_subtotal
    {% if writes_touched_only() %}
        and {{ is_among('rows_of_requests.report_id', 'report_pairs', 'report_id') }}
    {% endif %}
    union all
    select
        report_pairs.report_id,
        {% for column in applicant_columns() %}
            rows_of_requests.{{ column }},
            rows_of_requests.{{ column }}_status,
        {% endfor %}
        terms.identity_id,
        terms.left_weight,
        terms.right_weight,
        terms.gap_weight
    from rows_of_requests
    inner join terms on rows_of_requests.line_code = terms.line_code
    inner join report_pairs
        on
            rows_of_requests.report_id = report_pairs.source_report_id
            and terms.scope = report_pairs.scope
            and terms.year_offset = report_pairs.year_offset
    where not terms.is_within_table and not rows_of_requests.is_subtotal

),

sums as (

    select
        report_id,
        identity_id,
        {% for column in applicant_columns() %}
            cast(sum({{ column }} * left_weight) as decimal(28, 4)) as {{ column }}_lhs,
            cast(sum({{ column }} * right_weight) as decimal(28, 4)) as {{ column }}_rhs,
            cast(nullif(sum({{ gap_code(column ~ '_status') }} * gap_weight), 0) as bigint)
                as {{ column }}_gaps{% if not loop.last %},{% endif %}
        {% endfor %}
    from weighted_rows
    group by report_id, identity_id

),

final as (

    select
        sums.*,
        reports.report_year
    from sums
    inner join reports on sums.report_id = reports.report_id

)

-- years stand together in the file, so that an increment reads few blocks of it
select * from final
order by report_year, report_id
