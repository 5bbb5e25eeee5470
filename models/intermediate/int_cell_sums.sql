{{ by_report('int_touched_reports', 'has_new_checks') }}

-- Both sides of the identities whose cells are few: of table 四, table 二 and the prose, roll-ups of table 四 and
-- table 二 among them, over the cells that hold a number.
with report_pairs as (

    select * from {{ rows_touched(ref('int_report_pairs'), 'int_touched_reports', 'has_new_checks') }}

),

cells as {{ read_in_place() }} (

    select * from {{ ref('int_cells') }}
    where not is_subtotal and form_table <> 'requests'
    {% if writes_touched_only() %}
        and report_id in (select source_report_id from report_pairs)
    {% endif %}

),

reports as (

    select * from {{ ref('int_reports') }}

),

rollup_reports as (

    select * from {{ ref('int_rollup_reports') }}

),

request_rows as (

    select * from {{ ref('int_request_rows') }}
    where not is_subtotal
    {% if writes_touched_only() %}
        and report_id in (select source_report_id from report_pairs)
    {% endif %}

),

narrative_figures as (

    select * from {{ ref('int_narrative_figures') }}

),

identities as (

    select * from {{ ref('identities') }}

),

-- the rest stays wide: int_request_column_sums, int_request_line_sums, int_request_rollup_sums
terms as (

    select * from {{ ref('int_identity_cells') }}
    where not is_summed_wide

),

-- what the prose says is compared in the reports whose prose says something
reports_with_figures as (

    select distinct report_id
    from narrative_figures

),

request_rows_asked_about as (

    select request_rows.*
    from request_rows
    inner join reports_with_figures on request_rows.report_id = reports_with_figures.report_id

),

cells_beside_figures as (

    select cells.*
    from cells
    inner join reports_with_figures on cells.report_id = reports_with_figures.report_id
    union all
    {{ request_cells('request_rows_asked_about') }}

),

cells_of_rollups as {{ read_in_place() }} (

    select cells.*
    from cells
    inner join rollup_reports on cells.report_id = rollup_reports.report_id

),

-- one join for each way in which a check looks at a report: DuckDB would else join all terms to all pairs first
{% set ways = [
    ('cells', 'own', 0, "not in ('narrative', 'rollup')"),
    ('cells', 'own', -1, "not in ('narrative', 'rollup')"),
    ('cells_beside_figures', 'own', 0, "= 'narrative'"),
    ('cells_of_rollups', 'own', 0, "= 'rollup'"),
    ('cells_of_rollups', 'members', 0, "= 'rollup'"),
] %}
cells_of_checks as (

    {% for cells_asked, scope, year_offset, family in ways %}
        select
            report_pairs.report_id,
            terms.identity_id,
            terms.family,
            terms.layout,
            terms.slice,
            terms.side,
            -- a member has one term in each check, so that terms of members are members
            {{ 1 if scope == 'members' else 0 }} as is_members,
            terms.coefficient * cells.value as weighted_value,
            -- a check is made where the report itself has, or should have, a cell of the left side
            {% if (scope, year_offset) == ('own', 0) %}
                case when terms.side = 'left' then 1 else 0 end as is_own
            {% else %}
                0 as is_own
            {% endif %}
        from {{ cells_asked }} as cells
        inner join report_pairs
            on
                cells.report_id = report_pairs.source_report_id
                and report_pairs.scope = '{{ scope }}'
                and report_pairs.year_offset = {{ year_offset }}
        inner join terms
            on
                cells.form_table = terms.form_table
                and cells.line_code = terms.line_code
                and cells.column_code = terms.column_code
                and terms.scope = '{{ scope }}'
                and terms.year_offset = {{ year_offset }}
                and terms.family {{ family }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

cells_of_checks_made as (

    select cells_of_checks.*
    from cells_of_checks
    inner join reports on cells_of_checks.report_id = reports.report_id
    where
        (cells_of_checks.layout is null or cells_of_checks.layout = reports.layout)
        and (cells_of_checks.family <> 'rollup' or reports.is_consolidated)

),

members as (

    select
        report_id,
        count(*) as member_reports
    from report_pairs
    where scope = 'members'
    group by report_id

),

sums as (

    select
        report_id,
        identity_id,
        slice,
        cast(sum(case when side = 'left' then weighted_value end) as decimal(28, 4)) as lhs,
        cast(sum(case when side = 'right' then -weighted_value end) as decimal(28, 4)) as rhs,
        sum(is_members) as members_found
    from cells_of_checks_made
    group by report_id, identity_id, slice
    having max(is_own) = 1

),

final as (

    select
        sums.report_id,
        sums.identity_id,
        sums.slice,
        sums.lhs,
        sums.rhs,
        sums.members_found < coalesce(members.member_reports, 0) and identities.basis = 'rollup' as is_short_of_members
    from sums
    inner join identities on sums.identity_id = identities.identity_id
    left join members on sums.report_id = members.report_id

)

select * from final
