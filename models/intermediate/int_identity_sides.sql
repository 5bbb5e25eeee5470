-- Every check before its verdict: both sides over the cells that hold a number, and the terms that hold none. In an
-- increment, those that it makes anew.
with request_column_sums as {{ read_in_place() }} (

    select * from {{ ref('int_request_column_sums') }}

),

request_line_sums as (

    select * from {{ ref('int_request_line_sums') }}

),

review_line_sums as (

    select * from {{ ref('int_review_line_sums') }}

),

request_rollup_sums as {{ read_in_place() }} (

    select * from {{ ref('int_request_rollup_sums') }}

),

cell_sums as (

    select * from {{ ref('int_cell_sums') }}

),

wide_identities as (

    select * from {{ ref('int_wide_identities') }}

),

identity_cells as (

    select * from {{ ref('int_identity_cells') }}

),

gap_patterns as (

    select * from {{ ref('int_gap_patterns') }}

),

rollup_gap_patterns as (

    select * from {{ ref('int_rollup_gap_patterns') }}

),

unreported_terms as (

    select * from {{ ref('int_unreported_terms') }}

),

report_gaps as (

    select * from {{ ref('int_report_gaps') }}

),

column_sums as {{ read_in_place() }} (

    select
        request_column_sums.*,
        wide_identities.is_within_table
    from request_column_sums
    inner join wide_identities on request_column_sums.identity_id = wide_identities.identity_id

),

rollup_identities as (

    select distinct
        identity_id,
        column_code
    from identity_cells
    where form_table = 'requests' and family = 'rollup'

),

sums_within_a_table as (

    {% for column in applicant_columns() %}
        select
            report_id,
            identity_id,
            '{{ column }}' as slice,
            {{ column }}_lhs as lhs,
            {{ column }}_rhs as rhs,
            {{ column }}_gaps as gaps
        from column_sums
        where is_within_table
        union all
    {% endfor %}
    select * from request_line_sums
    union all
    select * from review_line_sums

),

sums_beyond as (

    {% for column in applicant_columns() %}
        select
            report_id,
            identity_id,
            '{{ column }}' as slice,
            {{ column }}_lhs as lhs,
            {{ column }}_rhs as rhs,
            false as is_short_of_members
        from column_sums
        where not is_within_table
        union all
    {% endfor %}
    select
        report_id,
        identity_id,
        slice,
        lhs,
        rhs,
        is_short_of_members
    from cell_sums

),

sums_of_rollups as (

    {% for column in applicant_columns() %}
        select
            request_rollup_sums.report_id,
            rollup_identities.identity_id,
            request_rollup_sums.line_code as slice,
            request_rollup_sums.{{ column }}_lhs as lhs,
            request_rollup_sums.{{ column }}_rhs as rhs,
            request_rollup_sums.{{ column }}_gaps as gaps,
            request_rollup_sums.is_short_of_members
        from request_rollup_sums
        inner join rollup_identities on rollup_identities.column_code = '{{ column }}'
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

{% set kinds_of_terms = ['empty', 'raising', 'lowering', 'empty_left', 'empty_right', 'unreadable'] %}
final as (

    select
        sums.report_id,
        sums.identity_id,
        sums.slice,
        sums.lhs,
        sums.rhs,
        coalesce(sums.lhs, 0) - coalesce(sums.rhs, 0) as gap,
        {% for terms in kinds_of_terms + ['missing'] %}
            coalesce(gap_patterns.{{ terms }}_terms, 0) as {{ terms }}_terms,
        {% endfor %}
        gap_patterns.reason
    from sums_within_a_table as sums
    left join gap_patterns on sums.identity_id = gap_patterns.identity_id and sums.gaps = gap_patterns.gaps
    {% for sums, gaps, keys in [
        ('sums_beyond', 'unreported_terms', ['report_id', 'identity_id', 'slice']),
        ('sums_of_rollups', 'rollup_gap_patterns', ['identity_id', 'gaps']),
    ] %}
        union all
        select
            sums.report_id,
            sums.identity_id,
            sums.slice,
            sums.lhs,
            sums.rhs,
            coalesce(sums.lhs, 0) - coalesce(sums.rhs, 0) as gap,
            {% for terms in kinds_of_terms %}
                coalesce({{ gaps }}.{{ terms }}_terms, 0) as {{ terms }}_terms,
            {% endfor %}
            coalesce({{ gaps }}.missing_terms, 0)
            + case when report_gaps.report_id is not null or sums.is_short_of_members then 1 else 0 end
                as missing_terms,
            coalesce(
                report_gaps.reason,
                case when sums.is_short_of_members then 'members: a line is missing' end,
                {{ gaps }}.reason
            ) as reason
        from {{ sums }} as sums
        left join {{ gaps }}
            on
                {% for key in keys %}
                    {{ 'and ' if not loop.first }}sums.{{ key }} = {{ gaps }}.{{ key }}
                {% endfor %}
        left join report_gaps
            on
                sums.report_id = report_gaps.report_id
                and sums.identity_id = report_gaps.identity_id
    {% endfor %}

)

select * from final
