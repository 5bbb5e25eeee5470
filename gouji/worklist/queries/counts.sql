    count(*) as causes,
    count_if(severity = 'error') as errors,
    count_if(severity = 'warning') as warnings,
    count_if(checks_open > 0) as still_open
