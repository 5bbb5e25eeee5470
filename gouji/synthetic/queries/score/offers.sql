-- How the planted fault stands among the hypotheses of its report. A hypothesis is the planted one when it names the very
-- cells, each with the value it had. A report holds one fault at most, so the best rank of a report is the best for it.
create table offers as
with hypotheses as (
    select * from warehouse.quality.suspect_cells
),
sizes as (
    select hypothesis_id, count(*) as cells from hypotheses group by hypothesis_id
),
fault_sizes as (
    select fault_id, count(*) as cells from faults group by fault_id
),
matching as (
    select faults.fault_id, hypotheses.hypothesis_id, hypotheses.report_id,
        min(hypotheses.rank) as rank, count(*) as cells
    from faults
    inner join hypotheses
        on faults.report_id = hypotheses.report_id
        and faults.form_table = hypotheses.form_table
        and faults.line_code = hypotheses.line_code
        and faults.column_code = hypotheses.column_code
        and faults.value_before = hypotheses.implied_value
    group by all
),
planted_ones as (
    select matching.fault_id, matching.report_id, min(matching.rank) as rank
    from matching
    inner join sizes using (hypothesis_id)
    inner join fault_sizes using (fault_id)
    where matching.cells = sizes.cells and matching.cells = fault_sizes.cells
    group by all
),
rivals as (
    select report_id, rank, count(distinct hypothesis_id) as hypotheses
    from hypotheses group by all
)
select
    fault_id,
    case when rank > 1 then 'lower' when rivals.hypotheses = 1 then 'first'
        else 'among_equals' end as offer
from planted_ones
inner join rivals using (report_id, rank)
