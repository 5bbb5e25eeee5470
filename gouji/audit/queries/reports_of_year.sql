-- The reports of another year that a report goes on from: its own body's, and in the year of a
-- merger those of the bodies taken over. A body renamed goes on with the other's report where it has none itself. After
-- a split there are none.
select checked.report_id, unnest(list(distinct sources.report_id)) as source_report_id
from intermediate.int_reports as checked
inner join (
    select reports.report_id, reports.agency_id, false as is_part
    from intermediate.int_reports as reports
    where
        not exists (
            from staging.stg_agency_successions as successions
            where
                successions.successor_agency_id = reports.agency_id
                and (
                    successions.effective_year = reports.report_year
                    -- renamed in a year that is not told
                    or successions.effective_year is null and not exists (
                        from intermediate.int_reports as own
                        where own.agency_id = reports.agency_id and own.report_year = reports.report_year + {{ year_offset }}
                    )
                )
        )
        -- it was there before it took others in
        or exists (
            from intermediate.int_reports as earlier
            inner join staging.stg_agency_successions as successions
                on earlier.agency_id = successions.successor_agency_id
            where
                earlier.agency_id = reports.agency_id
                and earlier.report_year < reports.report_year
                and successions.effective_year = reports.report_year
        )
    union all
    select
        reports.report_id,
        successions.predecessor_agency_id,
        successions.succession_kind = 'split' or coalesce(successions.share, 1) < 1
    from intermediate.int_reports as reports
    inner join staging.stg_agency_successions as successions on reports.agency_id = successions.successor_agency_id
    where
        successions.effective_year = reports.report_year
        or successions.effective_year is null and not exists (
            from intermediate.int_reports as own
            where own.agency_id = reports.agency_id and own.report_year = reports.report_year + {{ year_offset }}
        )
    union all
    -- what was given away
    select reports.report_id, reports.agency_id, true
    from intermediate.int_reports as reports
    inner join staging.stg_agency_successions as successions
        on reports.agency_id = successions.predecessor_agency_id and reports.report_year = successions.effective_year
    where successions.succession_kind = 'split' or coalesce(successions.share, 1) < 1
) as bodies using (report_id)
left join intermediate.int_reports as sources
    on bodies.agency_id = sources.agency_id
    and sources.report_year = checked.report_year + {{ year_offset }}
group by checked.report_id, checked.layout
having
    count(*) = count(sources.report_id) filter (
        not bodies.is_part
        -- table 二 has other cells in each layout
        {% if form_table == 'disclosures' %}and sources.layout = checked.layout{% endif %}
    )
