-- What the hypotheses say of each planted fault: how the planted one stands among them, and whether a right cell comes
-- first. Those of a fault are the ones under the checks that it broke: no other fault is within reach of these.
create table hypotheses as
select
    faults.fault_id,
    faults.kind as fault_kind,
    suspects.root_cause_id,
    suspects.hypothesis_id,
    suspects.rank,
    suspects.kind,
    suspects.report_id,
    suspects.form_table,
    suspects.line_code,
    suspects.column_code,
    suspects.implied_value
from (select distinct fault_id, kind from faults) as faults
inner join (
    select distinct fault_id, concat(report_id, ' ', identity_id, ' ', slice) as broken_check from expected
) as broken using (fault_id)
inner join warehouse.quality.suspect_cells as suspects on broken.broken_check = suspects.root_cause_id;

-- A hypothesis is the planted one when it names the very cells, each with the value that it had. Where it cannot know
-- the values, as of a table that was copied, it is when it is of that kind and leaves no changed cell out; a copied
-- cell that had the same number is not told from the others.
create table judged_hypotheses as
with compared as (
    select
        hypotheses.*,
        faults.fault_id is not null as is_planted_cell,
        hypotheses.implied_value is null and hypotheses.kind = fault_kind as is_copy,
        coalesce(faults.value_before = hypotheses.implied_value, false) as is_planted_value
    from hypotheses
    left join faults using (fault_id, report_id, form_table, line_code, column_code)
),
fault_sizes as (
    select fault_id, count(*) as fault_cells from faults group by fault_id
)
select
    fault_id,
    root_cause_id,
    hypothesis_id,
    min(rank) as rank,
    bool_or(not is_planted_cell and not is_copy) as names_right_cell,
    bool_and(is_copy or is_planted_value)
        and count(*) filter (is_planted_cell) = any_value(fault_cells) as is_planted
from compared
inner join fault_sizes using (fault_id)
group by fault_id, root_cause_id, hypothesis_id;

create table offers as
with first_ones as (
    select
        fault_id, root_cause_id, count(*) as hypotheses,
        bool_and(names_right_cell) as accuses
    from judged_hypotheses
    where rank = 1
    group by all
),
planted_ones as (
    select fault_id, root_cause_id, min(rank) as rank
    from judged_hypotheses where is_planted group by all
)
select
    fault_id,
    case
        when min(rank) > 1 then 'lower'
        when min(rank) = 1 and min(hypotheses) filter (rank = 1) = 1 then 'first'
        when min(rank) = 1 then 'among_equals'
    end as offer,
    -- the first hypotheses of a cause are equals: they accuse when none of them leaves the right cells alone
    bool_or(accuses) as accuses
from first_ones
left join planted_ones using (fault_id, root_cause_id)
group by fault_id
