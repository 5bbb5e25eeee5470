-- Each body's figures over the years, a row for each year and measure, also for years without a report; beside
-- them its peers': bodies of its sector and level, and of its region. Of peers, only figures with no cell
-- missing count, and consolidated reports stand beside consolidated ones alone.
with measures as (

    select
        agency_id,
        report_year,
        unnest([
            {'measure': 'new_requests', 'value': cast(new_requests as double), 'not_reported': new_requests_not_reported},
            {'measure': 'carried_in', 'value': cast(carried_in as double), 'not_reported': carried_in_not_reported},
            {'measure': 'carried_out', 'value': cast(carried_out as double), 'not_reported': carried_out_not_reported},
            {'measure': 'granted', 'value': cast(granted as double), 'not_reported': granted_not_reported},
            {'measure': 'partially_granted', 'value': cast(partially_granted as double), 'not_reported': partially_granted_not_reported},
            {'measure': 'denied', 'value': cast(denied as double), 'not_reported': denied_not_reported},
            {'measure': 'unavailable', 'value': cast(unavailable as double), 'not_reported': unavailable_not_reported},
            {'measure': 'unprocessed', 'value': cast(unprocessed as double), 'not_reported': unprocessed_not_reported},
            {'measure': 'other_processing', 'value': cast(other_processing as double), 'not_reported': other_processing_not_reported},
            {'measure': 'reviews_concluded', 'value': cast(reviews_concluded as double), 'not_reported': reviews_concluded_not_reported},
            {'measure': 'reviews_corrected', 'value': cast(reviews_corrected as double), 'not_reported': reviews_corrected_not_reported},
            {'measure': 'lawsuits_concluded', 'value': cast(lawsuits_concluded as double), 'not_reported': lawsuits_concluded_not_reported},
            {'measure': 'lawsuits_lost', 'value': cast(lawsuits_lost as double), 'not_reported': lawsuits_lost_not_reported},
            {'measure': 'normative_documents_made', 'value': cast(normative_documents_made as double), 'not_reported': normative_documents_made_not_reported},
            {'measure': 'normative_documents_in_force', 'value': cast(normative_documents_in_force as double), 'not_reported': normative_documents_in_force_not_reported},
            {'measure': 'granted_rate', 'value': cast(granted_rate as double), 'not_reported': granted_rate_not_reported},
            {'measure': 'carried_out_rate', 'value': cast(carried_out_rate as double), 'not_reported': carried_out_rate_not_reported}
        ], recursive := true)
    from marts.agency_year

),

bodies as (

    select
        measures.*,
        years.layout,
        years.is_consolidated,
        agencies.sector,
        agencies.level,
        agencies.region_code,
        case when measures.not_reported = 0 then measures.value end as whole_value
    from measures
    inner join marts.agency_year as years using (agency_id, report_year)
    inner join marts.dim_agency as agencies using (agency_id)

),

beside_peers as (

    select
        *,
        count(whole_value) over of_sector as sector_peers,
        median(whole_value) over of_sector as sector_median,
        min(whole_value) over of_sector as sector_least,
        max(whole_value) over of_sector as sector_most,
        count(whole_value) over of_region as region_peers,
        median(whole_value) over of_region as region_median,
        min(whole_value) over of_region as region_least,
        max(whole_value) over of_region as region_most
    from bodies
    window
        of_sector as (
            partition by sector, level, is_consolidated, report_year, measure
            order by agency_id rows between unbounded preceding and unbounded following exclude current row
        ),
        of_region as (
            partition by region_code, is_consolidated, report_year, measure
            order by agency_id rows between unbounded preceding and unbounded following exclude current row
        )

),

all_years as (

    select unnest(generate_series(min(report_year), max(report_year))) as report_year
    from marts.agency_year

),

bodies_and_measures as (

    select distinct agency_id, measure
    from measures

)

select
    bodies_and_measures.agency_id,
    all_years.report_year,
    bodies_and_measures.measure,
    beside_peers.layout,
    beside_peers.layout is not null as is_reported,
    beside_peers.value,
    coalesce(beside_peers.not_reported, 0) as not_reported,
    beside_peers.sector_peers,
    beside_peers.sector_median,
    beside_peers.sector_least,
    beside_peers.sector_most,
    beside_peers.region_peers,
    beside_peers.region_median,
    beside_peers.region_least,
    beside_peers.region_most
from bodies_and_measures
cross join all_years
left join beside_peers using (agency_id, report_year, measure)
order by bodies_and_measures.agency_id, bodies_and_measures.measure, all_years.report_year
