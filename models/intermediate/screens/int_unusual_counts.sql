-- Counts that are far from what the body reports in its other years, and tables and parts left 0 after two busy years.
-- Far is told by medians, which one wrong number hardly moves: of the logarithms of a body's counts, and of how far
-- these lie from that median.
with reports as (

    select * from {{ ref('int_reports') }}

),

contents as (

    select * from {{ ref('int_table_contents') }}
    where numbers > 0

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

sanity_bounds as (

    select * from {{ ref('sanity_bounds') }}
    where sanity_check_id in ('jump', 'table_left_zero', 'part_left_zero')

),

printed_counts as (

    select
        report_id,
        'requests' as form_table,
        line_code,
        column_code,
        value
    from {{ unpivoted('new_requests', applicant_columns(), {'value': '{}'}) }}
    union all
    select
        report_id,
        'reviews' as form_table,
        channel as line_code,
        'total' as column_code,
        total as value
    from review_rows
    union all
    select
        report_id,
        'disclosures' as form_table,
        line_code,
        measure_code as column_code,
        cast(value as bigint) as value
    from disclosure_cells

),

-- most bodies never have a count of a size that matters: they are left out before anything is sorted
bodies_of_size as (

    select distinct
        reports.agency_id,
        counts_of_size.form_table
    from (
        select
            report_id,
            'requests' as form_table,
            greatest({{ applicant_columns() | join(', ') }}) as value
        from new_requests
        union all
        select
            report_id,
            'reviews' as form_table,
            total as value
        from review_rows
        union all
        select
            report_id,
            'disclosures' as form_table,
            value
        from disclosure_cells
    ) as counts_of_size
    inner join reports on counts_of_size.report_id = reports.report_id
    where counts_of_size.value >= (select min(sanity_bounds.count_at_least) from sanity_bounds)

),

counts as (

    select
        printed_counts.*,
        reports.agency_id,
        reports.report_year
    from printed_counts
    inner join reports on printed_counts.report_id = reports.report_id
    inner join bodies_of_size
        on reports.agency_id = bodies_of_size.agency_id and printed_counts.form_table = bodies_of_size.form_table
    where printed_counts.value >= 0

),

usual_counts as (

    select
        agency_id,
        form_table,
        line_code,
        column_code,
        median(cast(value as double)) as usual_value,
        median(ln(1 + cast(value as double))) as usual_log,
        count(*) as reports
    from counts
    group by agency_id, form_table, line_code, column_code
    having max(value) >= (select min(sanity_bounds.count_at_least) from sanity_bounds)

),

beside_other_years as (

    select
        counts.report_id,
        counts.agency_id,
        counts.form_table,
        counts.line_code,
        counts.column_code,
        counts.value,
        usual_counts.usual_value,
        usual_counts.reports,
        abs(ln(1 + cast(counts.value as double)) - usual_counts.usual_log) as distance,
        min(counts.value) over two_before as least_before,
        count(*) over two_before as reports_before
    from counts
    inner join usual_counts
        on
            counts.agency_id = usual_counts.agency_id
            and counts.form_table = usual_counts.form_table
            and counts.line_code = usual_counts.line_code
            and counts.column_code = usual_counts.column_code
    window two_before as (
        partition by counts.agency_id, counts.form_table, counts.line_code, counts.column_code
        order by counts.report_year
        rows between 2 preceding and 1 preceding
    )

),

spreads as (

    select
        agency_id,
        form_table,
        line_code,
        column_code,
        median(distance) as spread
    from beside_other_years
    group by agency_id, form_table, line_code, column_code

),

-- of table 三 the totals: parts of them come and go
jumps as (

    select
        beside_other_years.report_id,
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
            and beside_other_years.column_code = spreads.column_code
    inner join sanity_bounds
        on
            sanity_bounds.sanity_check_id = 'jump'
            and beside_other_years.form_table = sanity_bounds.form_table
            and beside_other_years.reports >= sanity_bounds.reports_at_least
            and greatest(beside_other_years.value, beside_other_years.usual_value) >= sanity_bounds.count_at_least
            and beside_other_years.distance >= sanity_bounds.spreads_at_least * spreads.spread
    where
        beside_other_years.column_code in ('total', 'decisions')
        and (
            1 + beside_other_years.value >= sanity_bounds.times_at_least * (1 + beside_other_years.usual_value)
            or 1 + beside_other_years.usual_value >= sanity_bounds.times_at_least * (1 + beside_other_years.value)
        )

),

tables_beside_the_two_before as (

    select
        contents.report_id,
        contents.form_table,
        contents.largest,
        min(contents.largest) over two_before as least_before,
        count(*) over two_before as reports_before
    from contents
    inner join reports on contents.report_id = reports.report_id
    window two_before as (
        -- table 二 has other cells in each layout
        partition by
            reports.agency_id,
            contents.form_table,
            case when contents.form_table = 'disclosures' then reports.layout end
        order by reports.report_year
        rows between 2 preceding and 1 preceding
    )

),

tables_left_zero as (

    select
        tables_beside_the_two_before.report_id,
        'table_left_zero' as sanity_check_id,
        tables_beside_the_two_before.form_table,
        'all' as line_code,
        'all' as column_code,
        0 as value,
        cast(null as double) as usual_value
    from tables_beside_the_two_before
    inner join sanity_bounds
        on
            sanity_bounds.sanity_check_id = 'table_left_zero'
            and tables_beside_the_two_before.form_table = sanity_bounds.form_table
            and tables_beside_the_two_before.least_before >= sanity_bounds.count_at_least
    where
        tables_beside_the_two_before.largest = 0
        and tables_beside_the_two_before.reports_before = 2

),

parts_left_zero as (

    select
        beside_other_years.report_id,
        'part_left_zero' as sanity_check_id,
        beside_other_years.form_table,
        beside_other_years.line_code,
        beside_other_years.column_code,
        beside_other_years.value,
        beside_other_years.usual_value
    from beside_other_years
    inner join sanity_bounds
        on
            sanity_bounds.sanity_check_id = 'part_left_zero'
            and beside_other_years.form_table = sanity_bounds.form_table
            and beside_other_years.least_before >= sanity_bounds.count_at_least
    left join contents
        on
            beside_other_years.report_id = contents.report_id
            and beside_other_years.form_table = contents.form_table
    where
        beside_other_years.value = 0
        and beside_other_years.reports_before = 2
        and not (beside_other_years.form_table = 'requests' and beside_other_years.column_code = 'total')
        -- where all of the table is left 0, that is said
        and coalesce(contents.largest, 1) > 0

),

final as (

    select * from jumps
    union all
    select * from tables_left_zero
    union all
    select * from parts_left_zero

)

select * from final
