-- What people did about each cause: letters, answers, entries of the ledger and corrections, by their day. An entry
-- belongs to whatever cause its check has in this build, as long as the check's two sides are those that it speaks of.
with issues as (

    select * from {{ ref('issues') }}

),

correspondence as (

    select * from {{ ref('int_correspondence') }}

),

ledger as (

    select * from {{ ref('int_acknowledgements') }}

),

corrections as (

    select * from {{ ref('int_corrections') }}

),

identity_cells as (

    select * from {{ ref('int_identity_terms') }}

),

check_sources as (

    select * from {{ ref('int_check_sources') }}

),

mended_by_correction as (

    select * from {{ ref('corrected_checks') }}
    where is_mended

),

entries as (

    select
        report_id,
        identity_id,
        slice,
        observed_lhs,
        observed_rhs,
        event,
        happened_on,
        note,
        entered_by
    from correspondence
    union all
    select
        report_id,
        identity_id,
        slice,
        observed_lhs,
        observed_rhs,
        'acknowledged' as event,
        acknowledged_on as happened_on,
        reason as note,
        acknowledged_by as entered_by
    from ledger

),

entries_on_issues as (

    select
        issues.root_cause_id,
        issues.report_id,
        issues.identity_id,
        issues.slice,
        entries.event,
        entries.happened_on,
        entries.note,
        entries.entered_by
    from issues
    inner join entries
        on
            issues.report_id = entries.report_id
            and issues.identity_id = entries.identity_id
            and issues.slice = entries.slice
            and issues.lhs = entries.observed_lhs
            and issues.rhs = entries.observed_rhs

),

corrections_of_checks as (

    select distinct
        check_sources.report_id,
        identity_cells.identity_id,
        identity_cells.slice,
        corrections.evidence,
        corrections.corrected_by,
        corrections.corrected_on
    from corrections
    inner join identity_cells
        on
            corrections.form_table = identity_cells.form_table
            and corrections.line_code = identity_cells.line_code
            and corrections.column_code = identity_cells.column_code
    inner join check_sources
        on
            corrections.report_id = check_sources.source_report_id
            and identity_cells.scope = check_sources.scope
            and identity_cells.year_offset = check_sources.year_offset

),

corrections_of_issues as (

    select
        issues.root_cause_id,
        issues.report_id,
        issues.identity_id,
        issues.slice,
        'corrected' as event,
        corrections_of_checks.corrected_on as happened_on,
        corrections_of_checks.evidence as note,
        corrections_of_checks.corrected_by as entered_by
    from issues
    inner join mended_by_correction
        on
            issues.report_id = mended_by_correction.report_id
            and issues.identity_id = mended_by_correction.identity_id
            and issues.slice = mended_by_correction.slice
    inner join corrections_of_checks
        on
            issues.report_id = corrections_of_checks.report_id
            and issues.identity_id = corrections_of_checks.identity_id
            and issues.slice = corrections_of_checks.slice

),

events as (

    select * from entries_on_issues
    union all
    select * from corrections_of_issues

),

final as (

    select
        root_cause_id,
        event,
        happened_on,
        note,
        entered_by,
        count(*) as checks
    from events
    group by root_cause_id, event, happened_on, note, entered_by

)

select * from final
