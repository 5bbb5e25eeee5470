-- Every current report is judged once on every identity in every slice that its form has.
with reports as (

    select * from {{ ref('int_reports') }}

),

identities as (

    select * from {{ ref('identities') }}

),

slices as (

    select
        'column' as slice_by,
        applicant_type as slice,
        cast(null as {{ dbt.type_string() }}) as report_id
    from {{ ref('applicant_types') }}
    union all
    select
        'line' as slice_by,
        line_code as slice,
        report_id
    from {{ ref('int_request_rows') }}
    union all
    select
        'all' as slice_by,
        'all' as slice,
        cast(null as {{ dbt.type_string() }}) as report_id

),

expected as (

    select
        reports.report_id,
        identities.identity_id,
        slices.slice
    from reports
    cross join identities
    inner join slices
        on
            identities.slice_by = slices.slice_by
            and reports.report_id = coalesce(slices.report_id, reports.report_id)

),

verdicts as (

    select
        report_id,
        identity_id,
        slice,
        count(*) as verdicts
    from {{ ref('fct_identity_checks') }}
    group by report_id, identity_id, slice

)

select
    coalesce(expected.report_id, verdicts.report_id) as report_id,
    coalesce(expected.identity_id, verdicts.identity_id) as identity_id,
    coalesce(expected.slice, verdicts.slice) as slice,
    coalesce(verdicts.verdicts, 0) as verdicts
from expected
full outer join verdicts
    on
        expected.report_id = verdicts.report_id
        and expected.identity_id = verdicts.identity_id
        and expected.slice = verdicts.slice
where expected.report_id is null or verdicts.verdicts is null or verdicts.verdicts <> 1
