-- The same body's report of another year, in the same layout. A body that took over from another goes on with the
-- other's report where it has none itself.
select checked.report_id, arg_min(source.report_id, is_predecessor) as source_report_id
from intermediate.int_reports as checked
inner join (
    select agency_id, agency_id as source_agency_id, false as is_predecessor
    from staging.stg_agencies
    union all
    select agency_id, predecessor_agency_id, true
    from staging.stg_agencies
) as bodies using (agency_id)
inner join intermediate.int_reports as source
    on bodies.source_agency_id = source.agency_id
    and source.report_year = checked.report_year + {{ year_offset }}
group by checked.report_id, checked.layout
having checked.layout = arg_min(source.layout, is_predecessor)
