-- Consolidated reports without a number in table 三, all of whose members are held: they stand back for these.
with check_sources as (

    select * from {{ ref('int_check_sources') }}

),

request_rows as (

    select * from {{ ref('int_request_rows') }}

),

whole_sets as (

    select distinct report_id
    from check_sources
    where scope = 'members'

),

reports_with_numbers as (

    select distinct report_id
    from request_rows
    where
        {{ is_among('report_id', 'whole_sets', 'report_id') }}
        and coalesce({{ applicant_columns() | join(', ') }}) is not null

),

final as (

    select whole_sets.report_id
    from whole_sets
    left join reports_with_numbers on whole_sets.report_id = reports_with_numbers.report_id
    where reports_with_numbers.report_id is null

)

select * from final
