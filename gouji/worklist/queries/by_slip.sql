-- The causes of each kind of slip.
select
    likely_slip,
    slip_zh,
{% include 'worklist/queries/counts.sql' %}

from causes
group by likely_slip, slip_zh, kind_order
order by causes desc, kind_order, likely_slip
