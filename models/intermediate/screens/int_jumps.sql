-- Counts that are far from what the body reports in its other years. Far is told by medians, which one wrong number
-- hardly moves: of the logarithms of a body's counts, and of how far these lie from that median.
with reports as (

    select * from {{ ref('int_reports') }}

),

new_requests as (

    select * from {{ ref('int_request_rows') }}
    where line_code = 'new_requests'

),

review_rows as (

    select * from {{ ref('int_review_rows') }}

),

disclosure_cells as (

    select * from {{ ref('int_disclosure_cells') }}
    where measure_code = 'decisions'

),

bounds as (

    select * from {{ ref('sanity_bounds') }}
    where sanity_check_id = 'jump'

),

-- of table 三 the totals: parts of them come and go
counts as (

    {{ counts_beside_other_years('reports', 'new_requests', ['total'], 'review_rows', 'disclosure_cells') }}

),

-- most bodies have few reports or no count of a size that matters: they are left out before anything is sorted
series_of_size as (

    select
        counts.agency_id,
        counts.form_table,
        counts.line_code
    from counts
    inner join bounds on counts.form_table = bounds.form_table
    group by counts.agency_id, counts.form_table, counts.line_code
    having max(counts.value) >= max(bounds.count_at_least) and count(*) >= max(bounds.reports_at_least)

),

counts_of_size as (

    select counts.*
    from counts
    inner join series_of_size
        on
            counts.agency_id = series_of_size.agency_id
            and counts.form_table = series_of_size.form_table
            and counts.line_code = series_of_size.line_code

),

usual_counts as (

    select
        agency_id,
        form_table,
        line_code,
        median(cast(value as double)) as usual_value,
        median(ln(1 + cast(value as double))) as usual_log
    from counts_of_size
    group by agency_id, form_table, line_code

),

beside_other_years as (

    select
        counts_of_size.*,
        usual_counts.usual_value,
        abs(ln(1 + cast(counts_of_size.value as double)) - usual_counts.usual_log) as distance
    from counts_of_size
    inner join usual_counts
        on
            counts_of_size.agency_id = usual_counts.agency_id
            and counts_of_size.form_table = usual_counts.form_table
            and counts_of_size.line_code = usual_counts.line_code

),

spreads as (

    select
        agency_id,
        form_table,
        line_code,
        median(distance) as spread
    from beside_other_years
    group by agency_id, form_table, line_code

),

final as (

    select
        beside_other_years.report_id,
        beside_other_years.agency_id,
        'jump' as sanity_check_id,
        beside_other_years.form_table,
        beside_other_years.line_code,
        beside_other_years.column_code,
        beside_other_years.value,
        beside_other_years.usual_value
    from beside_other_years
    inner join spreads
        on
            beside_other_years.agency_id = spreads.agency_id
            and beside_other_years.form_table = spreads.form_table
            and beside_other_years.line_code = spreads.line_code
    inner join bounds
        on
            beside_other_years.form_table = bounds.form_table
            and greatest(beside_other_years.value, beside_other_years.usual_value) >= bounds.count_at_least
            and beside_other_years.distance >= bounds.spreads_at_least * spreads.spread
    where
        1 + beside_other_years.value >= bounds.times_at_least * (1 + beside_other_years.usual_value)
        or 1 + beside_other_years.usual_value >= bounds.times_at_least * (1 + beside_other_years.value)

)

select * from final
