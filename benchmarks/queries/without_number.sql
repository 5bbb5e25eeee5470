-- How many cells of the outcomes are blank or not applicable?
select report_year, sum(cells_blank) as blank, sum(cells_not_applicable) as not_applicable
from marts.requests_year
where stage = 'outcome'
group by report_year
order by report_year;

with cells as (
    unpivot raw_requests
    on natural_person, commercial_enterprise, research_institution, public_welfare_organization,
        legal_service_organization, other_organization
    into name applicant_type value printed
),
blanks as (
    select
        report_id,
        (natural_person is null)::integer + (commercial_enterprise is null)::integer
        + (research_institution is null)::integer + (public_welfare_organization is null)::integer
        + (legal_service_organization is null)::integer + (other_organization is null)::integer as cells
    from raw_requests
    where line_code not in ('new_requests', 'carried_in', 'total_processed', 'carried_out')
),
without_number as (
    select report_id, 'blank' as value_status, sum(cells) as cells from blanks where cells > 0 group by report_id
    union all
    select report_id, 'not_applicable', count(*)
    from cells
    where printed in ('/', '—', '-', '无', '不适用')
        and line_code not in ('new_requests', 'carried_in', 'total_processed', 'carried_out')
    group by report_id
)
select
    report_year::integer as report_year,
    coalesce(sum(cells) filter (value_status = 'blank'), 0) as blank,
    coalesce(sum(cells) filter (value_status = 'not_applicable'), 0) as not_applicable
from without_number
inner join raw_reports using (report_id)
group by report_year
order by report_year;
