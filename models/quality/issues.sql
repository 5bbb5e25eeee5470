-- Every broken check, with the cause that it shares with others and the figures of the marts that hang on the
-- cell most likely wrong.
with checks as (

    select * from {{ ref('fct_identity_checks') }}
    where status = 'broken'

),

identities as (

    select * from {{ ref('identities') }}

),

mended_checks as (

    select * from {{ ref('mended_checks') }}

),

suspect_cells as (

    select * from {{ ref('suspect_cells') }}

),

cell_figures as (

    select * from {{ ref('cell_figures') }}

),

explanations as (

    select distinct
        report_id,
        hypothesis_id,
        root_cause_id,
        rank,
        kind,
        likelihood
    from suspect_cells

),

-- of the causes that a check could share, the one with the likeliest explanation
causes as (

    select
        mended_checks.check_report_id as report_id,
        mended_checks.identity_id,
        mended_checks.slice,
        explanations.root_cause_id,
        explanations.kind,
        explanations.report_id as suspect_report_id,
        explanations.hypothesis_id
    from mended_checks
    inner join explanations
        on
            mended_checks.report_id = explanations.report_id
            and mended_checks.hypothesis_id = explanations.hypothesis_id
    qualify row_number() over (
        partition by mended_checks.check_report_id, mended_checks.identity_id, mended_checks.slice
        order by
            explanations.likelihood desc,
            explanations.rank asc,
            explanations.report_id asc,
            explanations.hypothesis_id asc
    ) = 1

),

equals as (

    select
        root_cause_id,
        count(*) as first_explanations
    from explanations
    where rank = 1
    group by root_cause_id

),

figures as (

    select distinct
        suspect_cells.root_cause_id,
        cell_figures.figure
    from suspect_cells
    inner join cell_figures
        on
            suspect_cells.form_table = cell_figures.form_table
            and suspect_cells.line_code = cell_figures.line_code
            and suspect_cells.column_code = cell_figures.column_code
    where suspect_cells.rank = 1

),

figures_by_cause as (

    select
        root_cause_id,
        {{ dbt.listagg('figure', "', '", 'order by figure') }} as figures
    from figures
    group by root_cause_id

),

final as (

    select
        checks.report_id,
        checks.agency_id,
        checks.report_year,
        checks.identity_id,
        identities.family,
        identities.severity,
        checks.slice,
        checks.lhs,
        checks.rhs,
        checks.difference,
        checks.is_acknowledged,
        coalesce(
            causes.root_cause_id, concat(checks.report_id, ' ', checks.identity_id, ' ', checks.slice)
        ) as root_cause_id,
        coalesce(causes.kind, 'not_known') as likely_slip,
        coalesce(equals.first_explanations, 0) as equal_explanations,
        figures_by_cause.figures as figures_affected
    from checks
    inner join identities on checks.identity_id = identities.identity_id
    left join causes
        on
            checks.report_id = causes.report_id
            and checks.identity_id = causes.identity_id
            and checks.slice = causes.slice
    left join equals on causes.root_cause_id = equals.root_cause_id
    left join figures_by_cause on causes.root_cause_id = figures_by_cause.root_cause_id

)

select * from final
