-- The identities of any other shape, cell by cell: both sides over the cells that hold a number, and the terms that
-- hold none. Those of the prose are found from the figures that a report states, which are few among those that it
-- could.
with check_sources as (

    select * from {{ ref('int_check_sources') }}

),

reports as (

    select * from {{ ref('int_reports') }}

),

stated_figures as (

    select * from {{ ref('int_narrative_figures') }}

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

request_rows as (

    select * from {{ whole('int_request_rows') }}
    where
        {{ is_among('line_code', 'request_lines', 'line_code') }}
        and {{ is_among('report_id', 'check_sources', 'source_report_id') }}

),

review_rows as (

    select * from {{ whole('int_review_rows') }}
    where {{ is_among('report_id', 'check_sources', 'source_report_id') }}

),

disclosure_cells as (

    select * from {{ whole('int_disclosure_cells') }}
    where {{ is_among('report_id', 'check_sources', 'source_report_id') }}

),

narrative_figures as (

    select * from {{ whole('int_narrative_figures') }}
    where {{ is_among('report_id', 'check_sources', 'source_report_id') }}

),

cells as {{ read_in_place() }} (

    {{ cells_of('request_rows', 'review_rows', 'disclosure_cells', 'narrative_figures') }}

),

checks_of_the_prose as (

    select distinct
        stated_figures.report_id,
        terms.identity_id
    from stated_figures
    inner join terms
        on
            terms.form_table = 'narrative'
            and stated_figures.figure_code = terms.line_code
            and terms.side = 'left'
            and terms.scope = 'own'
            and terms.year_offset = 0

),

members as (

    select
        report_id,
        count(*) as member_reports
    from check_sources
    where scope = 'members'
    group by report_id

),

-- one join for each way in which a check looks at a report: DuckDB would else join all terms to all sources first
{% set ways = [('own', 0), ('own', -1), ('members', 0)] %}
terms_found as (

    {% for scope, year_offset in ways %}
        select
            check_sources.report_id,
            terms.identity_id,
            terms.layout,
            terms.has_members,
            terms.is_of_the_prose,
            terms.slice,
            terms.side,
            terms.coefficient * cells.value as weighted_value,
            case when terms.side = 'left' and {{ (scope, year_offset) == ('own', 0) }} then 1 else 0 end as is_own_left,
            {% if scope == 'members' %}
                1 as is_member,
                cast(0 as bigint) as missing_value,
                cast(
                    case cells.value_status
                        {% for status in missing_statuses() %}
                            when '{{ status }}' then {{ missing_member_weight(status) }}
                        {% endfor %}
                        else 0
                    end as bigint
                ) as missing_member
            {% else %}
                0 as is_member,
                terms.missing_value_weight * {{ missing_value_bit('cells.value_status') }} as missing_value,
                cast(0 as bigint) as missing_member
            {% endif %}
        from cells
        inner join check_sources
            on
                cells.report_id = check_sources.source_report_id
                and check_sources.scope = '{{ scope }}'
                and check_sources.year_offset = {{ year_offset }}
        inner join terms
            on
                cells.form_table = terms.form_table
                and cells.line_code = terms.line_code
                and cells.column_code = terms.column_code
                and terms.scope = '{{ scope }}'
                and terms.year_offset = {{ year_offset }}
        where
            {% if year_offset %}
                {{ reads_cell_of_source('terms', 'cells', 'check_sources') }}
            {% else %}
                {{ reads_cell('terms', 'cells') }}
            {% endif %}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

terms_of_checks as (

    select terms_found.*
    from terms_found
    inner join reports on terms_found.report_id = reports.report_id
    left join checks_of_the_prose
        on
            terms_found.report_id = checks_of_the_prose.report_id
            and terms_found.identity_id = checks_of_the_prose.identity_id
    where
        (terms_found.layout is null or terms_found.layout = reports.layout)
        and (reports.is_consolidated or not terms_found.has_members)
        and (checks_of_the_prose.report_id is not null or not terms_found.is_of_the_prose)

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
    from terms_of_checks
    group by report_id, identity_id, slice
    -- a check is made where the report has, or should have, a cell of the left side
    having max(is_own_left) = 1

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
