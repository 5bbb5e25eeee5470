select
    report_year,
    count(*) as reports,
    count(distinct agency_id) as agencies,
    count_if(is_consolidated) as consolidated,
    count_if(layout = '2019') as layout_2019,
    count_if(layout = '2021') as layout_2021,
    count_if(evidence is distinct from 'decoded') as read_as_printed
from marts.dim_report
where is_current
group by report_year
order by report_year
