-- How far people have come with the causes of broken checks, in one row.
select
    count(*) as causes,
    count_if(checks_open > 0) as still_open,
    coalesce(sum(checks_open), 0) as checks_open,
    count_if(state = 'open') as not_asked,
    count_if(state = 'asked') as asked,
    count_if(state = 'answered') as answered,
    count_if(checks_open = 0) as dealt_with,
    count_if(state = 'acknowledged') as acknowledged,
    count_if(state = 'corrected') as corrected
from quality.cause_states
