{% set measures = [
    'new_requests', 'carried_in', 'processed', 'carried_out', 'reviews_concluded', 'reviews_corrected',
    'lawsuits_concluded', 'lawsuits_lost',
] %}
-- The reports of the bodies that are drawn, in which a cell of requests, reviews or lawsuits holds no number.
select
    report_id,
    agency_id,
    report_year
from marts.agency_year
inner join agency_pages using (agency_id)
where
    {% for measure in measures %}
        {{ 'or ' if not loop.first }}{{ measure }}_not_reported > 0
    {% endfor %}
