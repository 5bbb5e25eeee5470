-- The identities of any other shape, cell by cell: both sides over the cells that hold a number, and the terms that
-- hold none.
with check_sources as (

    select * from {{ ref('int_check_sources') }}

),

reports as (

    select * from {{ ref('int_reports') }}

),

terms as (

    select * from {{ ref('int_identity_terms') }}
    where evaluated_by = 'cell'

),

request_lines as (

    select line_code
    from terms
    where form_table = 'requests'

),

sources as (

    select
        check_sources.source_report_id,
        check_sources.report_id as checked_report_id,
        reports.layout as checked_layout,
        reports.is_consolidated,
        check_sources.scope,
        check_sources.year_offset,
        check_sources.is_in_other_layout
    from check_sources
    inner join reports on check_sources.report_id = reports.report_id

),

-- Rows find who looks at them before they are taken apart into cells: DuckDB knows how many rows there are, not how
-- many cells, and would else hold all cells in memory to look up the reports.
{% set asked = [
    'checked_report_id', 'checked_layout', 'is_consolidated', 'scope', 'year_offset', 'is_in_other_layout'
] %}
{% for rows in ['request_rows', 'review_rows', 'disclosure_cells', 'narrative_figures'] %}
    {{ rows }} as {{ read_in_place() }} (

        select
            {{ rows }}.*,
            sources.{{ asked | join(', sources.') }}
        from {{ whole('int_' ~ rows) }} as {{ rows }}
        inner join sources on {{ rows }}.report_id = sources.source_report_id
        {% if rows == 'request_rows' %}
            where {{ is_among('line_code', 'request_lines', 'line_code') }}
        {% endif %}

    ),
{% endfor %}

cells as {{ read_in_place() }} (

    {{ cells_of('request_rows', 'review_rows', 'disclosure_cells', 'narrative_figures', asked) }}

),

members as (

    select
        report_id,
        count(*) as member_reports
    from check_sources
    where scope = 'members'
    group by report_id

),

terms_found as (

    select
        cells.checked_report_id as report_id,
        terms.identity_id,
        terms.has_members,
        terms.slice,
        terms.side,
        terms.coefficient * cells.value as weighted_value,
        case
            when
                terms.side = 'left' and terms.scope = 'own' and terms.year_offset = 0
                and (terms.form_table = 'narrative' or not terms.is_of_the_prose)
                then 1
            else 0
        end as asks_for_a_check,
        case when terms.scope = 'members' then 1 else 0 end as is_member,
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
            and cells.scope = terms.scope
            and cells.year_offset = terms.year_offset
    where
        (not cells.is_subtotal or terms.takes_subtotals)
        -- table 二 has other cells in each layout
        and not (cells.form_table = 'disclosures' and cells.is_in_other_layout)
        and (terms.layout is null or terms.layout = cells.checked_layout)
        and (cells.is_consolidated or not terms.has_members)

),

sums as (

    select
        report_id,
        identity_id,
        slice,
        cast(sum(case when side = 'left' then weighted_value end) as decimal(28, 4)) as lhs,
        cast(sum(case when side = 'right' then -weighted_value end) as decimal(28, 4)) as rhs,
        bit_or(missing_value) as missing_values,
        cast(sum(missing_member) as bigint) as missing_members,
        -- of members a check has one term
        sum(is_member) as members_found,
        max(case when has_members then 1 else 0 end) as needs_members
    from terms_found
    group by report_id, identity_id, slice
    -- a check is made where the report has, or should have, a cell of the left side; one of the prose where it states
    -- the figure
    having max(asks_for_a_check) = 1

),

final as (

    select
        sums.report_id,
        reports.report_year,
        sums.identity_id,
        sums.slice,
        sums.lhs,
        sums.rhs,
        sums.missing_values,
        case
            when sums.needs_members = 1 and sums.members_found < coalesce(members.member_reports, 0)
                then sums.missing_members + {{ short_of_members() }}
            else sums.missing_members
        end as missing_members
    from sums
    inner join reports on sums.report_id = reports.report_id
    left join members on sums.report_id = members.report_id

)

-- years stand together in the file, so that an increment reads few blocks of it
select * from final
order by report_year, report_id
