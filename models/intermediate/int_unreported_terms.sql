{{ by_report('int_touched_reports', 'has_new_checks') }}
{% set statuses = gap_statuses() + ['contradictory', 'restated'] %}
{% set likeness %}gaps, gaps_{{ statuses | join(', gaps_') }}{% endset %}

-- Per check, its terms that hold no number: how many of which kind, and their names. Of the identities that look
-- beyond table 三; the gaps of the others are told by pattern (int_gap_patterns).
with report_pairs as (

    select * from {{ rows_touched(ref('int_report_pairs'), 'int_touched_reports', 'has_new_checks') }}

),

unreported_cells as {{ read_in_place() }} (

    select * from {{ ref('int_unreported_cells') }}
    {% if writes_touched_only() %}
        where report_id in (select source_report_id from report_pairs)
    {% endif %}

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

rollup_reports as (

    select * from {{ ref('int_rollup_reports') }}

),

narrative_figures as (

    select * from {{ ref('int_narrative_figures') }}

),

identity_cells as (

    select
        form_table,
        line_code,
        column_code,
        identity_id,
        family,
        slice,
        side,
        scope,
        year_offset,
        term_order,
        when_absent,
        takes_subtotals,
        can_raise,
        can_lower,
        term_name
    from {{ ref('int_identity_cells') }}
    where not is_within_table

),

reports_with_figures as (

    select distinct report_id
    from narrative_figures

),

unreported_cells_beside_figures as (

    select unreported_cells.*
    from unreported_cells
    inner join reports_with_figures on unreported_cells.report_id = reports_with_figures.report_id

),

unreported_cells_of_rollups as (

    select unreported_cells.*
    from unreported_cells
    inner join rollup_reports on unreported_cells.report_id = rollup_reports.report_id

),

{% set cells_asked = [
    ('unreported_cells', "not in ('narrative', 'rollup')"),
    ('unreported_cells_beside_figures', "= 'narrative'"),
    ('unreported_cells_of_rollups', "= 'rollup'"),
] %}
cells_of_terms as (

    {% for cells, family in cells_asked %}
        select
            cells.report_id as source_report_id,
            cells.value_status,
            cells.is_subtotal,
            identity_cells.*
        from {{ cells }} as cells
        inner join identity_cells
            on
                cells.form_table = identity_cells.form_table
                and cells.line_code = identity_cells.line_code
                and cells.column_code = identity_cells.column_code
                and identity_cells.family {{ family }}
        union all
    {% endfor %}
    -- what last year's report restated since is no number to compare with this year's
    select
        restated_cells.report_id as source_report_id,
        'restated' as value_status,
        false as is_subtotal,
        identity_cells.*
    from restated_cells
    inner join identity_cells
        on
            restated_cells.form_table = identity_cells.form_table
            and restated_cells.line_code = identity_cells.line_code
            and restated_cells.column_code = identity_cells.column_code
    where identity_cells.year_offset = -1

),

terms as (

    select
        report_pairs.report_id,
        cells_of_terms.identity_id,
        cells_of_terms.slice,
        cells_of_terms.side,
        cells_of_terms.term_order,
        cells_of_terms.term_name,
        cells_of_terms.when_absent,
        cells_of_terms.can_raise,
        cells_of_terms.can_lower,
        cells_of_terms.value_status,
        cells_of_terms.value_status in ('blank', 'not_applicable') as is_empty
    from cells_of_terms
    inner join report_pairs
        on
            cells_of_terms.source_report_id = report_pairs.source_report_id
            and cells_of_terms.scope = report_pairs.scope
            and cells_of_terms.year_offset = report_pairs.year_offset
    inner join reports on report_pairs.report_id = reports.report_id
    where
        (not cells_of_terms.is_subtotal or cells_of_terms.takes_subtotals)
        and (cells_of_terms.family <> 'rollup' or reports.is_consolidated)

),

counts as (

    select
        report_id,
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
    group by report_id, identity_id, slice

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
