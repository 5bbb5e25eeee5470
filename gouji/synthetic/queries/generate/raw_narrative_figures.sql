-- What half the bodies state of the tables in their prose.
with requests as (
    select n, line_code, {{ applicants | join(' + ') }} as number from request_numbers
),
figures as (
    select 1 as place, 'requests_received' as figure_code, 'new_requests' as line_code
    union all select 2, 'requests_carried_in', 'carried_in'
    union all select 3, 'requests_processed', 'total_processed'
    union all select 4, 'requests_granted', 'granted'
    union all select 5, 'requests_carried_out', 'carried_out'
),
stated as (
    select n, report_id, a, y, words, place, figure_code, coalesce(number, 0) as number
    from year_reports
    cross join figures
    left join requests using (n, line_code)
    where prose < 0.5
    union all
    select n, report_id, a, y, words, 6, 'normative_made', coalesce(made, 0)
    from year_reports
    left join disclosure_numbers as numbers
        using (n)
    where prose < 0.5 and line_code = 'normative_document'
    union all
    select n, report_id, a, y, words, 7, 'normative_in_force', coalesce(stock, 0)
    from year_reports
    left join disclosure_numbers as numbers using (n)
    where prose < 0.5 and layout = '2021' and line_code = 'normative_document'
    union all
    select n, report_id, a, y, words, 8, 'reviews', upheld + corrected + other + pending
    from year_reports
    inner join review_numbers using (n)
    where prose < 0.5 and channel = 'review'
)
select
    report_id, figure_code,
    case
        when figure_code = 'requests_received' and number = 0 and words > 0.7 then '未收到'
        when words between 0.1 and 0.2 then number || '件'
        else number::varchar
    end as printed,
    'section 1 paragraph ' || (2 + place % 3) as locator
from stated
where u('stated', a, y, place, 0) < 0.6
order by n, place
