-- Both sides of the identities of table 三 that are checked column by column, over the reported cells, with the
-- pattern of the terms that hold none. The seven columns stay side by side.
with report_pairs as (

    select * from {{ ref('int_report_pairs') }}

),

rows_of_requests as (

    select * from {{ ref('int_request_rows') }}
    where not is_subtotal

),

rows_looked_at as (

    select * from {{ whole('int_request_rows') }}
    where not is_subtotal

),

reports as (

    select * from {{ ref('int_reports') }}

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
    where terms.is_within_table
    union all
    select
        report_pairs.report_id,
        {% for column in applicant_columns() %}
            rows_looked_at.{{ column }},
            rows_looked_at.{{ column }}_status,
        {% endfor %}
        terms.identity_id,
        terms.left_weight,
        terms.right_weight,
        terms.gap_weight
    from rows_looked_at
    inner join terms on rows_looked_at.line_code = terms.line_code
    inner join report_pairs
        on
            rows_looked_at.report_id = report_pairs.source_report_id
            and terms.scope = report_pairs.scope
            and terms.year_offset = report_pairs.year_offset
    where not terms.is_within_table

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
