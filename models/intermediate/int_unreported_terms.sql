{% set statuses = gap_statuses() + ['contradictory', 'restated'] %}
{% set likeness %}gaps, gaps_{{ statuses | join(', gaps_') }}{% endset %}

-- Per check, its terms that hold no number: how many of which kind, and their names. The gaps of identities within a
-- table and of roll-ups of table 三 are told by pattern instead (int_gap_patterns, int_rollup_gap_patterns).
with report_pairs as (

    select * from {{ ref('int_report_pairs') }}

),

request_rows as (

    select * from {{ whole('int_request_rows') }}
    where {{ is_among('report_id', 'report_pairs', 'source_report_id') }}

),

review_rows as {{ read_in_place() }} (

    select * from {{ whole('int_review_rows') }}
    where {{ is_among('report_id', 'report_pairs', 'source_report_id') }}

),

disclosure_cells as (

    select * from {{ whole('int_disclosure_cells') }}
    where {{ is_among('report_id', 'report_pairs', 'source_report_id') }}

),

narrative_terms as (

    select * from {{ ref('int_narrative_terms') }}

),

restated_cells as (

    select * from {{ ref('int_restated_cells') }}

),

report_gaps as (

    select * from {{ ref('int_report_gaps') }}

),

reports as (

    select * from {{ ref('int_reports') }}

),

consolidated_reports as (

    select report_id from reports
    where is_consolidated

),

identity_cells as (

    select * from {{ ref('int_identity_cells') }}
    where not is_within_table and family <> 'narrative' and not (family = 'rollup' and form_table = 'requests')

),

-- of table 三 few lines are looked at from beyond it
request_rows_asked_about as (

    select * from request_rows
    where
        line_code in (
            select identity_cells.line_code
            from identity_cells
            where identity_cells.form_table = 'requests'
        )

),

cells as (

    {{ cells_of('request_rows_asked_about', 'review_rows', 'disclosure_cells') }}

),

cells_of_rollups as {{ read_in_place() }} (

    {{ cells_beside_requests('review_rows', 'disclosure_cells') }}

),

unreported_cells as (

    select * from cells
    where value_status <> 'reported'

),

-- what last year's report restated since is no number to compare with this year's
cells_restated as (

    select
        *,
        'restated' as value_status,
        false as is_subtotal
    from restated_cells

),

unreported_cells_of_rollups as {{ read_in_place() }} (

    select * from cells_of_rollups
    where value_status <> 'reported'

),

unreported_cells_of_consolidated as (

    select unreported_cells_of_rollups.*
    from unreported_cells_of_rollups
    inner join consolidated_reports on unreported_cells_of_rollups.report_id = consolidated_reports.report_id

),

{% set ways = [
    ('unreported_cells', 'own', 0, "<> 'rollup'"),
    ('unreported_cells', 'own', -1, "<> 'rollup'"),
    ('cells_restated', 'own', -1, "<> 'rollup'"),
    ('unreported_cells_of_consolidated', 'own', 0, "= 'rollup'"),
    ('unreported_cells_of_rollups', 'members', 0, "= 'rollup'"),
] %}
terms as (

    {% for cells_asked, scope, year_offset, family in ways %}
        select
            report_pairs.report_id,
            report_pairs.report_year,
            identity_cells.identity_id,
            identity_cells.slice,
            identity_cells.side,
            identity_cells.term_order,
            identity_cells.term_name,
            identity_cells.when_absent,
            identity_cells.can_raise,
            identity_cells.can_lower,
            cells.value_status,
            cells.value_status in ('blank', 'not_applicable') as is_empty
        from {{ cells_asked }} as cells
        inner join report_pairs
            on
                cells.report_id = report_pairs.source_report_id
                and report_pairs.scope = '{{ scope }}'
                and report_pairs.year_offset = {{ year_offset }}
        inner join identity_cells
            on
                cells.form_table = identity_cells.form_table
                and cells.line_code = identity_cells.line_code
                and cells.column_code = identity_cells.column_code
                and identity_cells.scope = '{{ scope }}'
                and identity_cells.year_offset = {{ year_offset }}
                and identity_cells.family {{ family }}
        where not cells.is_subtotal or identity_cells.takes_subtotals
        union all
    {% endfor %}
    select
        report_id,
        report_year,
        identity_id,
        slice,
        side,
        term_order,
        term_name,
        when_absent,
        can_raise,
        can_lower,
        value_status,
        value_status in ('blank', 'not_applicable') as is_empty
    from narrative_terms
    where value_status <> 'reported'

),

counts as (

    select
        report_id,
        report_year,
        identity_id,
        slice,
        {{ counts_of_gaps() }},
        -- gaps are alike where these are: a digit for each term, which two statuses can share, and how many there
        -- are of each status
        {% for status in statuses %}
            count(case when value_status = '{{ status }}' then 1 end) as gaps_{{ status }},
        {% endfor %}
        sum({{ gap_code('value_status') }} * {{ gap_weight('term_order', base=12) }}) as gaps
    from terms
    group by report_id, report_year, identity_id, slice

),

-- a check that cannot be made whatever the cells say needs no words for them
counts_to_word as (

    select counts.*
    from counts
    left join report_gaps
        on counts.report_id = report_gaps.report_id and counts.identity_id = report_gaps.identity_id
    where report_gaps.report_id is null

),

-- the words are put together once for all checks with the same gaps
alike as (

    select
        identity_id,
        {{ likeness }},
        min(concat(report_id, ' ', slice)) as first_check
    from counts_to_word
    group by identity_id, {{ likeness }}

),

named_terms as (

    select
        terms.identity_id,
        alike.first_check,
        terms.value_status,
        {{ dbt.listagg('terms.term_name', "', '", 'order by terms.term_order') }} as term_names
    from terms
    inner join alike
        on terms.identity_id = alike.identity_id and concat(terms.report_id, ' ', terms.slice) = alike.first_check
    group by terms.identity_id, alike.first_check, terms.value_status

),

reasons as (

    select
        identity_id,
        first_check,
        {{ dbt.listagg("value_status || ': ' || term_names", "'; '", 'order by value_status') }} as reason
    from named_terms
    group by identity_id, first_check

),

words as (

    select
        alike.*,
        reasons.reason
    from alike
    inner join reasons on alike.identity_id = reasons.identity_id and alike.first_check = reasons.first_check

),

final as (

    select
        counts.report_id,
        counts.report_year,
        counts.identity_id,
        counts.slice,
        counts.empty_terms,
        counts.raising_terms,
        counts.lowering_terms,
        counts.empty_left_terms,
        counts.empty_right_terms,
        counts.unreadable_terms,
        counts.missing_terms,
        words.reason
    from counts
    left join words
        on
            counts.identity_id = words.identity_id
            and counts.gaps = words.gaps
            {% for status in statuses %}
                and counts.gaps_{{ status }} = words.gaps_{{ status }}
            {% endfor %}

)

select * from final
