-- What is drawn of the last builds: issues there, opened and closed.
with builds as (

    select
        published_at,
        issues_opened + issues_still_open as issues,
        issues_opened,
        issues_closed
    from quality.run_history
    qualify row_number() over (order by published_at desc) <= 60

)

select
    published_at,
    measure,
    counted
from builds
unpivot (counted for measure in (issues, issues_opened, issues_closed))
order by published_at, measure
