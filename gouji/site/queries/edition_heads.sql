-- The editions that are not current, of the reports that get a page.
select
    editions.report_id,
    editions.agency_id,
    editions.agency_name,
    agencies.name_latin,
    editions.report_year,
    editions.revision,
    editions.title,
    editions.published_on,
    editions.source_url,
    editions.source_document,
    editions.layout,
    layouts.document_number,
    layouts.label_zh as layout_zh,
    layouts.label_en as layout_en
from marts.dim_report as editions
inner join marts.dim_report as reports using (agency_id, report_year)
inner join report_pages on reports.report_id = report_pages.report_id
inner join marts.dim_agency as agencies on editions.agency_id = agencies.agency_id
inner join reference.layouts on editions.layout = layouts.layout
where reports.is_current and not editions.is_current
order by editions.report_id
