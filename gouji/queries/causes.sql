-- How far people have come with the causes of broken checks, in one row.
select
    count(*) as causes,
    count(*) filter (checks_open > 0) as still_open,
    coalesce(sum(checks_open), 0) as checks_open,
    count(*) filter (state = 'open') as not_asked,
    count(*) filter (state = 'asked') as asked,
    count(*) filter (state = 'answered') as answered,
    count(*) filter (checks_open = 0) as dealt_with,
    count(*) filter (state = 'acknowledged') as acknowledged,
    count(*) filter (state = 'corrected') as corrected
from quality.cause_states
