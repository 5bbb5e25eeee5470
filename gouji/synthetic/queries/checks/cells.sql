-- The cells of the reports of a table, in long form.
with requests as materialized (
    select * from {{ tables.raw_requests }} semi join {{ reports }} using (report_id)
),

reviews as materialized (
    select * from {{ tables.raw_reviews }} semi join {{ reports }} using (report_id)
)

{% for column in applicants %}
    select report_id, 'requests' as form_table, line_code, '{{ column }}' as column_code, {{ column }} as printed
    from requests
    union all
{% endfor %}
{% for column in results %}
    select report_id, 'reviews', channel, '{{ column }}', "{{ column }}"
    from reviews
    union all
{% endfor %}
select report_id, 'disclosures', line_code, measure_code, printed
from {{ tables.raw_disclosures }} semi join {{ reports }} using (report_id)
union all
select report_id, 'narrative', figure_code, 'stated', printed
from {{ tables.raw_narrative_figures }} semi join {{ reports }} using (report_id)
