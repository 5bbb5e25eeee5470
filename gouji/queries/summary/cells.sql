-- The cells of each table by status: a column for each status, in the order of the contract.
select
    form_table,
    count(*) as cells,
    count_if(value_status = 'reported') as reported,
    count_if(value_status = 'blank') as blank,
    count_if(value_status = 'not_applicable') as not_applicable,
    count_if(value_status = 'unreadable') as unreadable,
    count_if(value_status = 'absent') as absent
from (
    select '二 disclosures' as form_table, value_status, 1 as table_order
    from marts.fct_published_items
    union all
    select '三 requests' as form_table, value_status, 2 as table_order
    from marts.fct_requests
    union all
    select '四 reviews' as form_table, value_status, 3 as table_order
    from marts.fct_review_litigation
)
group by form_table, table_order
order by table_order
