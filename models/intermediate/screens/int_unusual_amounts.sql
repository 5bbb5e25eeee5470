-- Amounts that are some 10,000 times off: 元 may have been taken for 万元, or the other way round. Held against the body's
-- own other years where there are enough; else against bodies of its level and sector in the year.
with reports as (

    select * from {{ ref('int_reports') }}

),

agencies as (

    select * from {{ ref('int_agencies') }}

),

disclosure_cells as (

    select * from {{ ref('int_disclosure_cells') }}
    where measure_code = 'amount' and value > 0

),

sanity_bounds as (

    select * from {{ ref('sanity_bounds') }}
    where sanity_check_id = 'amount_in_other_unit'

),

amounts as (

    select
        disclosure_cells.report_id,
        disclosure_cells.line_code,
        disclosure_cells.value,
        cast(disclosure_cells.value as double) as amount,
        reports.agency_id,
        reports.report_year,
        reports.sector_code,
        agencies.level
    from disclosure_cells
    inner join reports on disclosure_cells.report_id = reports.report_id
    inner join agencies on reports.agency_id = agencies.agency_id

),

amounts_of_bodies as (

    select
        agency_id,
        line_code,
        median(amount) as usual_value,
        count(*) as reports
    from amounts
    group by agency_id, line_code

),

amounts_of_peers as (

    select
        report_year,
        level,
        sector_code,
        line_code,
        median(amount) as usual_value,
        count(*) as reports
    from amounts
    group by report_year, level, sector_code, line_code

),

-- each amount has both; DuckDB would join them with each other first, by the line alone, were the joins inner ones
beside_others as (

    select
        amounts.report_id,
        amounts.line_code,
        amounts.value,
        amounts.amount,
        case
            when amounts_of_bodies.reports >= sanity_bounds.reports_at_least then amounts_of_bodies.usual_value
            when amounts_of_peers.reports >= sanity_bounds.peers_at_least then amounts_of_peers.usual_value
        end as usual_value,
        sanity_bounds.times_at_least,
        sanity_bounds.times_at_most
    from amounts
    left join amounts_of_bodies
        on amounts.agency_id = amounts_of_bodies.agency_id and amounts.line_code = amounts_of_bodies.line_code
    left join amounts_of_peers
        on
            amounts.report_year = amounts_of_peers.report_year
            and amounts.level = amounts_of_peers.level
            and amounts.sector_code = amounts_of_peers.sector_code
            and amounts.line_code = amounts_of_peers.line_code
    cross join sanity_bounds

),

final as (

    select
        report_id,
        'amount_in_other_unit' as sanity_check_id,
        'disclosures' as form_table,
        line_code,
        'amount' as column_code,
        value,
        usual_value
    from beside_others
    where
        greatest(amount / usual_value, usual_value / amount) between times_at_least and times_at_most

)

select * from final
