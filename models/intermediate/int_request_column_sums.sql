-- Both sides of the identities of table 三 that are checked column by column, over the reported cells.
with rows_of_requests as (

    select * from {{ ref('int_request_rows') }}

),

identities as (

    select * from {{ ref('identities') }}
    where form_table = 'requests' and slice_by = 'column'

),

identity_terms as (

    select * from {{ ref('identity_terms') }}

),

report_pairs as (

    select * from {{ ref('int_report_pairs') }}

),

terms as (

    select
        identity_terms.identity_id,
        identity_terms.scope,
        identity_terms.year_offset,
        identity_terms.line_code,
        case when identity_terms.side = 'left' then identity_terms.coefficient end as left_weight,
        case when identity_terms.side = 'right' then -identity_terms.coefficient end as right_weight
    from identity_terms
    inner join identities on identity_terms.identity_id = identities.identity_id

),

-- the seven columns stay side by side until they are added up
sums as (

    select
        report_pairs.report_id,
        terms.identity_id,
        {% for column in applicant_columns() %}
            sum(rows_of_requests.{{ column }} * terms.left_weight) as {{ column }}_lhs,
            sum(rows_of_requests.{{ column }} * terms.right_weight)
                as {{ column }}_rhs{% if not loop.last %},{% endif %}
        {% endfor %}
    from rows_of_requests
    inner join terms on rows_of_requests.line_code = terms.line_code
    inner join report_pairs
        on
            rows_of_requests.report_id = report_pairs.source_report_id
            and terms.scope = report_pairs.scope
            and terms.year_offset = report_pairs.year_offset
    where not rows_of_requests.is_subtotal
    group by report_pairs.report_id, terms.identity_id

),

final as (

    {% for column in applicant_columns() %}
        select
            report_id,
            identity_id,
            '{{ column }}' as slice,
            cast({{ column }}_lhs as decimal(28, 4)) as lhs,
            cast({{ column }}_rhs as decimal(28, 4)) as rhs
        from sums
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

)

select * from final
