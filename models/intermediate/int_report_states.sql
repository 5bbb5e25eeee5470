-- What a report's numbers and what its verdicts hang on, as one number each: another number, and they are made anew.
-- Its own cells: raw rows, corrections, what is known of the report. Its verdicts: the cells of every report that its
-- checks look at, what they cannot look at, cells restated since, its entries in the ledger, and how it was read. In an
-- increment, of the years in which anything has changed.
with all_reports as (

    select * from {{ rows_of_changed_years(ref('stg_reports')) }}

),

raw_states as (

    select * from {{ ref('stg_report_states') }}

),

all_current_reports as (

    select * from {{ ref('int_reports') }}

),

decisions as (

    select * from {{ ref('int_decisions') }}

),

report_pairs as (

    select * from {{ rows_of_changed_years(ref('int_report_pairs')) }}

),

report_gaps as (

    select * from {{ rows_of_changed_years(ref('int_report_gaps')) }}

),

restated_cells as (

    select * from {{ ref('int_restated_cells') }}

),

-- a check looks at reports of its own year and of the year before
years_looked_at as (

    select report_year
    from all_reports
    union
    select report_year - 1 as report_year
    from all_reports

),

reports as (

    select all_current_reports.*
    from all_current_reports
    inner join years_looked_at on all_current_reports.report_year = years_looked_at.report_year

),

correction_states as (

    select
        report_id,
        {{ state_of(['ground']) }} as state
    from decisions
    where kind = 'correction'
    group by report_id

),

cells_states as (

    select
        reports.report_id,
        reports.agency_id,
        {{ state_of([
            'raw_states.raw_state', 'correction_states.state', 'reports.agency_id', 'reports.report_year',
            'reports.layout', 'reports.region_code', 'reports.sector_code', 'reports.is_consolidated',
        ]) }} as cells_state
    from reports
    inner join raw_states on reports.report_id = raw_states.report_id
    left join correction_states on reports.report_id = correction_states.report_id
    group by reports.report_id, reports.agency_id

),

-- what a check looks at, one row each
grounds as (

    select
        report_pairs.report_id,
        {{ hash_of_key(['report_pairs.scope', 'report_pairs.year_offset', 'cells_states.cells_state']) }} as ground
    from report_pairs
    inner join cells_states on report_pairs.source_report_id = cells_states.report_id
    union all
    select
        report_id,
        {{ hash_of_key(['identity_id', 'reason']) }} as ground
    from report_gaps
    union all
    select
        report_pairs.report_id,
        {{ hash_of_key(['restated_cells.form_table', 'restated_cells.line_code', 'restated_cells.column_code']) }}
            as ground
    from restated_cells
    inner join report_pairs
        on restated_cells.report_id = report_pairs.source_report_id and report_pairs.year_offset = -1
    union all
    select
        report_id,
        {{ hash_of_key(['kind', 'ground']) }} as ground
    from decisions
    where kind <> 'correction'

),

checks_states as (

    select
        report_id,
        {{ state_of(['ground']) }} as checks_state
    from grounds
    group by report_id

),

final as (

    select
        all_reports.report_id,
        raw_states.raw_state,
        cells_states.agency_id,
        all_reports.report_year,
        cells_states.cells_state,
        checks_states.checks_state
    from all_reports
    inner join raw_states on all_reports.report_id = raw_states.report_id
    left join cells_states on all_reports.report_id = cells_states.report_id
    left join checks_states on all_reports.report_id = checks_states.report_id

)

select * from final
