-- The cells of each table by status, a column for each in the order of the contract, and how many are in doubt.
select
    form_table,
    count(*) as cells,
    count_if(value_status = 'reported') as reported,
    count_if(value_status = 'blank') as blank,
    count_if(value_status = 'not_applicable') as not_applicable,
    count_if(value_status = 'unreadable') as unreadable,
    count_if(value_status = 'absent') as absent,
    count_if(is_doubtful) as in_doubt
from (
    select '二 disclosures' as form_table, value_status, is_doubtful, 1 as table_order
    from marts.fct_published_items
    union all
    select '三 requests' as form_table, value_status, is_doubtful, 2 as table_order
    from marts.fct_requests
    union all
    select '四 reviews' as form_table, value_status, is_doubtful, 3 as table_order
    from marts.fct_review_litigation
)
group by form_table, table_order
order by table_order
