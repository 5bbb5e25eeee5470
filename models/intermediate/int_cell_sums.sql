-- Both sides of the identities whose cells are few: the stocks of table 二, what the prose states, and the roll-ups of
-- table 四 and table 二, over the cells that hold a number. The rest stays wide.
with report_pairs as (

    select * from {{ ref('int_report_pairs') }}

),

review_rows as {{ read_in_place() }} (

    select * from {{ whole('int_review_rows') }}
    where {{ is_among('report_id', 'report_pairs', 'source_report_id') }}

),

disclosure_cells as {{ read_in_place() }} (

    select * from {{ whole('int_disclosure_cells') }}
    where {{ is_among('report_id', 'report_pairs', 'source_report_id') }}

),

narrative_terms as (

    select * from {{ ref('int_narrative_terms') }}

),

reports as (

    select * from {{ ref('int_reports') }}

),

consolidated_reports as (

    select * from reports
    where is_consolidated

),

identities as (

    select * from {{ ref('identities') }}

),

terms as (

    select * from {{ ref('int_identity_cells') }}
    where not is_summed_wide and family <> 'narrative'

),

cells as {{ read_in_place() }} (

    {{ cells_beside_requests('review_rows', 'disclosure_cells') }}

),

consolidated_cells as {{ read_in_place() }} (

    select cells.*
    from cells
    inner join consolidated_reports on cells.report_id = consolidated_reports.report_id

),

-- one join for each way in which a check looks at a report: DuckDB would else join all terms to all pairs first
{% set ways = [
    ('cells', 'own', 0, "<> 'rollup'"),
    ('cells', 'own', -1, "<> 'rollup'"),
    ('consolidated_cells', 'own', 0, "= 'rollup'"),
    ('cells', 'members', 0, "= 'rollup'"),
] %}
cells_of_checks as (

    {% for cells_asked, scope, year_offset, family in ways %}
        select
            report_pairs.report_id,
            terms.identity_id,
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
        union all
    {% endfor %}
    select
        report_id,
        identity_id,
        layout,
        slice,
        side,
        0 as is_members,
        coefficient * value as weighted_value,
        1 as is_own
    from narrative_terms

),

cells_of_checks_made as (

    select cells_of_checks.*
    from cells_of_checks
    inner join reports on cells_of_checks.report_id = reports.report_id
    where cells_of_checks.layout is null or cells_of_checks.layout = reports.layout

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
        reports.report_year,
        sums.identity_id,
        sums.slice,
        sums.lhs,
        sums.rhs,
        sums.members_found < coalesce(members.member_reports, 0) and identities.basis = 'rollup' as is_short_of_members
    from sums
    inner join reports on sums.report_id = reports.report_id
    inner join identities on sums.identity_id = identities.identity_id
    left join members on sums.report_id = members.report_id

)

-- years stand together in the file, so that an increment reads few blocks of it
select * from final
order by report_year, report_id
