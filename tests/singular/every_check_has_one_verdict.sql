-- Every current report is judged once on every identity, in every slice that its form and its prose have.
with reports as (

    select * from {{ ref('int_reports') }}

),

cells as (

    select * from {{ ref('int_cells') }}

),

identities as (

    select * from {{ ref('identities') }}

),

identity_terms as (

    select * from {{ ref('identity_terms') }}

),

checks as (

    select * from {{ ref('fct_identity_checks') }}

),

-- the identities that apply to a report: those of its layout, and roll-ups where it is consolidated
identities_of_reports as (

    select
        reports.report_id,
        identities.identity_id,
        identities.form_table,
        identities.family,
        identities.slice_by
    from reports
    inner join identities on identities.layout is null or reports.layout = identities.layout
    where identities.family <> 'rollup' or reports.is_consolidated

),

-- an identity is checked where the report itself has a cell of its left side, absent ones among them
expected as (

    select distinct
        identities_of_reports.report_id,
        identities_of_reports.identity_id,
        case identities_of_reports.slice_by
            when 'column' then cells.column_code
            when 'line' then cells.line_code
            else 'all'
        end as slice
    from identities_of_reports
    inner join identity_terms
        on
            identities_of_reports.identity_id = identity_terms.identity_id
            and identity_terms.side = 'left'
            and identity_terms.scope = 'own'
            and identity_terms.year_offset = 0
    inner join cells
        on
            identities_of_reports.report_id = cells.report_id
            and identity_terms.form_table = cells.form_table
            and cells.line_code = coalesce(identity_terms.line_code, cells.line_code)
            and cells.column_code = coalesce(identity_terms.column_code, cells.column_code)
    where identities_of_reports.family <> 'rollup' or not cells.is_subtotal

),

verdicts as (

    select
        report_id,
        identity_id,
        slice,
        count(*) as verdicts
    from checks
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
