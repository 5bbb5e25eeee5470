-- The identities of any other shape, cell by cell: both sides over the cells that hold a number, and the terms that
-- hold none.
with check_sources as (

    select * from {{ ref('int_check_sources') }}

),

reports as (

    select * from {{ ref('int_reports') }}

),

stated_figures as (

    select * from {{ ref('int_narrative_figures') }}

),

-- those of the prose are asked one by one of the reports that state the figure, the others of all
terms as (

    select
        *,
        case when is_of_the_prose then identity_id else '' end as asked_identity
    from {{ ref('int_identity_terms') }}
    where evaluated_by = 'cell'

),

asked_lines as (

    select distinct
        asked_identity,
        form_table,
        line_code
    from terms

),

checks_of_the_prose as (

    select distinct
        stated_figures.report_id,
        terms.asked_identity
    from stated_figures
    inner join terms on stated_figures.figure_code = terms.line_code
    where
        terms.is_of_the_prose
        and terms.form_table = 'narrative'
        and terms.side = 'left'
        and terms.scope = 'own'
        and terms.year_offset = 0

),

reports_asked as (

    select
        report_id,
        '' as asked_identity
    from reports
    union all
    select * from checks_of_the_prose

),

members as (

    select
        report_id,
        count(*) as member_reports
    from check_sources
    where scope = 'members'
    group by report_id

),

sources as (

    select
        check_sources.source_report_id,
        check_sources.report_id as checked_report_id,
        reports_asked.asked_identity,
        reports.report_year as checked_year,
        reports.layout as checked_layout,
        reports.is_consolidated,
        members.member_reports,
        check_sources.scope,
        check_sources.year_offset,
        check_sources.is_in_other_layout
    from check_sources
    inner join reports on check_sources.report_id = reports.report_id
    inner join reports_asked on check_sources.report_id = reports_asked.report_id
    left join members on check_sources.report_id = members.report_id

),

-- Rows find who looks at them before they are taken apart into cells: DuckDB knows how many rows there are, not how
-- many cells, and would else hold all cells in memory to look up the reports.
{% set asked = [
    'checked_report_id', 'checked_year', 'checked_layout', 'is_consolidated', 'member_reports', 'asked_identity',
    'scope', 'year_offset', 'is_in_other_layout'
] %}
{% set line_of = {
    'request_rows': ('requests', 'line_code'), 'review_rows': ('reviews', 'channel'),
    'disclosure_cells': ('disclosures', 'line_code'), 'narrative_figures': ('narrative', 'figure_code')
} %}
{% for rows, (form_table, line) in line_of.items() %}
    {{ rows }} as {{ read_in_place() }} (

        select
            {{ rows }}.*,
            sources.{{ asked | join(', sources.') }}
        from {{ whole('int_' ~ rows) }} as {{ rows }}
        inner join sources on {{ rows }}.report_id = sources.source_report_id
        inner join asked_lines
            on
                asked_lines.form_table = '{{ form_table }}'
                and {{ rows }}.{{ line }} = asked_lines.line_code
                and sources.asked_identity = asked_lines.asked_identity

    ),
{% endfor %}

cells as {{ read_in_place() }} (

    {{ cells_of('request_rows', 'review_rows', 'disclosure_cells', 'narrative_figures', asked) }}

),

terms_found as (

    select
        cells.checked_report_id as report_id,
        cells.checked_year as report_year,
        terms.identity_id,
        terms.slice,
        terms.side,
        terms.coefficient * cells.value as weighted_value,
        case when terms.side = 'left' and terms.scope = 'own' and terms.year_offset = 0 then 1 else 0 end
            as is_own_left,
        case when terms.has_members then cells.member_reports else 0 end as members_expected,
        case when terms.scope = 'members' then 1 end as is_member,
        case when terms.scope = 'members' then 0 else terms.missing_value_weight end
        * {{ missing_value_bit('cells.value_status') }} as missing_value,
        cast(
            case
                when terms.scope <> 'members' then 0
                {% for status in missing_statuses() %}
                    when cells.value_status = '{{ status }}' then {{ missing_member_weight(status) }}
                {% endfor %}
                else 0
            end as bigint
        ) as missing_member
    from cells
    inner join terms
        on
            cells.form_table = terms.form_table
            and cells.line_code = terms.line_code
            and cells.column_code = terms.column_code
            and cells.asked_identity = terms.asked_identity
            and cells.scope = terms.scope
            and cells.year_offset = terms.year_offset
    where
        {{ reads_cell_of_source('terms', 'cells', 'cells') }}
        and (terms.layout is null or terms.layout = cells.checked_layout)
        and (cells.is_consolidated or not terms.has_members)

),

sums as (

    select
        report_id,
        report_year,
        identity_id,
        slice,
        cast(sum(case when side = 'left' then weighted_value end) as decimal(28, 4)) as lhs,
        cast(sum(case when side = 'right' then -weighted_value end) as decimal(28, 4)) as rhs,
        bit_or(missing_value) as missing_values,
        cast(sum(missing_member) as bigint) as missing_members,
        -- of members a check has one term
        count(is_member) as members_found,
        max(members_expected) as members_expected
    from terms_found
    group by report_id, report_year, identity_id, slice
    -- a check is made where the report has, or should have, a cell of the left side
    having max(is_own_left) = 1

),

final as (

    select
        report_id,
        report_year,
        identity_id,
        slice,
        lhs,
        rhs,
        missing_values,
        case
            when members_found < members_expected then missing_members + {{ short_of_members() }}
            else missing_members
        end as missing_members
    from sums

)

-- years stand together in the file, so that an increment reads few blocks of it
select * from final
order by report_year, report_id
