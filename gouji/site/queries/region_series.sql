-- Each region's figures over the years, a row for each year and measure, also for years without a report.
with measures as (

    select
        region_code,
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
            {'measure': 'normative_documents_in_force', 'value': cast(normative_documents_in_force as double), 'not_reported': normative_documents_in_force_not_reported}
        ], recursive := true)
    from marts.region_year

),

layouts as (

    select
        regions.region_code,
        reports.report_year,
        string_agg(distinct reports.layout, '+' order by reports.layout) as layout
    from marts.bridge_report_region as regions
    inner join marts.dim_report as reports using (report_id)
    where regions.is_counted
    group by regions.region_code, reports.report_year

),

all_years as (

    select unnest(generate_series(min(report_year), max(report_year))) as report_year
    from marts.region_year

),

regions_and_measures as (

    select distinct region_code, measure
    from measures

)

select
    regions_and_measures.region_code,
    all_years.report_year,
    regions_and_measures.measure,
    layouts.layout,
    layouts.layout is not null as is_reported,
    measures.value,
    coalesce(measures.not_reported, 0) as not_reported
from regions_and_measures
cross join all_years
left join measures using (region_code, report_year, measure)
left join layouts using (region_code, report_year)
order by regions_and_measures.region_code, regions_and_measures.measure, all_years.report_year
