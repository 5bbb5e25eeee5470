-- The checks that can be made on each cell that an explanation of a break may change: what a change of the cell
-- does to each of them.
with broken_cells as (

    select * from {{ ref('broken_cells') }}
    where broken_checks > 0

),

moved_cells as (

    select * from {{ ref('moved_cells') }}

),

checks as (

    select
        report_id,
        report_year,
        identity_id,
        slice,
        status = 'broken' as is_broken,
        status = 'holds_if_blank_is_zero' as holds_if_blank_is_zero,
        coalesce(lhs, 0) - coalesce(rhs, 0) as gap
    from {{ whole('fct_identity_checks') }}
    where status <> 'not_assessable'

),

identity_cells as (

    select * from {{ ref('int_identity_terms') }}

),

form_lines as (

    select * from {{ ref('dim_form_line') }}

),

check_sources as (

    select * from {{ whole('int_check_sources') }}

),

reports as (

    select * from {{ whole('int_reports') }}

),

reports_around as (

    select report_id from broken_cells
    union
    select report_id from moved_cells

),

pairs_around as (

    select *
    from check_sources
    where {{ is_among('source_report_id', 'reports_around', 'report_id') }}

),

reports_checked as (

    select distinct
        reports.report_id,
        reports.report_year
    from pairs_around
    inner join reports on pairs_around.report_id = reports.report_id

),

-- where （七）总计 is in doubt, so is each outcome that it adds up
doubtful_outcomes as (

    select
        broken_cells.report_id,
        broken_cells.form_table,
        outcomes.line_code,
        broken_cells.column_code
    from broken_cells
    inner join form_lines as totals on broken_cells.line_code = totals.line_code and totals.stage = 'outcome_total'
    cross join form_lines as outcomes
    where outcomes.stage = 'outcome'

),

{{ rows_of_cells('reports_checked') }}
cells as {{ read_in_place() }} (

    {{ cells_of('request_rows', 'review_rows', 'disclosure_cells', 'narrative_figures') }}

),

doubtful_cells as (

    select
        report_id,
        form_table,
        line_code,
        column_code
    from broken_cells
    union
    select * from doubtful_outcomes
    union
    select
        report_id,
        'requests' as form_table,
        line_code,
        column_code
    from moved_cells

),

cells_around as (

    select cells.*
    from cells
    inner join doubtful_cells
        on
            cells.report_id = doubtful_cells.report_id
            and cells.form_table = doubtful_cells.form_table
            and cells.line_code = doubtful_cells.line_code
            and cells.column_code = doubtful_cells.column_code
    where cells.value_status = 'reported'

),

-- a cell is looked at by its own report's checks, by next year's, and by those of the reports that add it up
{% set ways = [('own', 0), ('own', -1), ('members', 0)] %}
terms_around as (

    {% for scope, year_offset in ways %}
        select
            cells_around.*,
            pairs_around.report_id as check_report_id,
            identity_cells.identity_id,
            identity_cells.slice,
            identity_cells.coefficient
        from cells_around
        inner join identity_cells
            on
                cells_around.form_table = identity_cells.form_table
                and cells_around.line_code = identity_cells.line_code
                and cells_around.column_code = identity_cells.column_code
                and identity_cells.scope = '{{ scope }}'
                and identity_cells.year_offset = {{ year_offset }}
        inner join pairs_around
            on
                cells_around.report_id = pairs_around.source_report_id
                and pairs_around.scope = '{{ scope }}'
                and pairs_around.year_offset = {{ year_offset }}
        where {{ reads_cell('identity_cells', 'cells_around') }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

-- the own cells of a check in which a number may be missing
blanks as (

    select
        cells.report_id,
        identity_cells.identity_id,
        identity_cells.slice,
        max(case when identity_cells.can_raise then 1 else 0 end) = 1 as can_raise,
        max(case when identity_cells.can_lower then 1 else 0 end) = 1 as can_lower
    from cells
    inner join identity_cells
        on
            cells.form_table = identity_cells.form_table
            and cells.line_code = identity_cells.line_code
            and cells.column_code = identity_cells.column_code
    where
        cells.value_status = 'blank'
        and identity_cells.scope = 'own' and identity_cells.year_offset = 0
        and {{ reads_cell('identity_cells', 'cells') }}
    group by cells.report_id, identity_cells.identity_id, identity_cells.slice

),

checks_around as (

    select *
    from checks
    where
        {{ is_among('report_id', 'reports_checked', 'report_id') }}
        and {{ is_among('report_year', 'reports_checked', 'report_year') }}

),

final as (

    select
        terms_around.report_id,
        terms_around.form_table,
        terms_around.line_code,
        terms_around.column_code,
        terms_around.value,
        terms_around.check_report_id,
        terms_around.identity_id,
        terms_around.slice,
        checks_around.is_broken,
        coalesce(blanks.can_raise and checks_around.holds_if_blank_is_zero, false) as can_be_raised,
        coalesce(blanks.can_lower and checks_around.holds_if_blank_is_zero, false) as can_be_lowered,
        cast(checks_around.gap as decimal(28, 4)) as gap,
        terms_around.coefficient
    from terms_around
    inner join checks_around
        on
            terms_around.check_report_id = checks_around.report_id
            and terms_around.identity_id = checks_around.identity_id
            and terms_around.slice = checks_around.slice
    left join blanks
        on
            terms_around.check_report_id = blanks.report_id
            and terms_around.identity_id = blanks.identity_id
            and terms_around.slice = blanks.slice

)

select * from final
