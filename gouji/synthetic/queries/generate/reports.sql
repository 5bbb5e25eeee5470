-- The reports that were asked for, with what each prints of its body's ways.
create table reports as
with reports as (
    select
        row_number() over (order by a, y) as n,
        y,
        bodies.*,
        agency_id || '-' || y as report_id,
        case when y < layout_from then '2019' else '2021' end as layout
    from bodies, range({{ first_year }}, {{ last_year }} + 1) as years (y)
    where y >= first_year and y is distinct from gap_year
)
select
    *,
    (n - 1) // {{ reports_in_a_chunk }} as chunk,
    -- how a zero is printed in tables 三 and 四: as 0, not at all, or as a stroke or a word
    case when zeros < 0.8 or zeros >= 0.94 then '0' when zeros < 0.88 then null
        when zeros < 0.91 then '/' when zeros < 0.925 then '—' else '无' end as zero,
    zeros >= 0.94 and zeros < 0.965 as fills_few_columns,
    zeros >= 0.965 and zeros < 0.985 as leaves_totals_blank,
    zeros >= 0.985 as leaves_zero_parts_blank,
    (layout = '2019') <> (others < 0.04) as prints_others_as_one
from reports
where n <= {{ reports }}
