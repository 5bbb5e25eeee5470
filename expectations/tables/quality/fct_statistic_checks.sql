-- Each identity of the annex with each report, sides summed over what its terms name.
{% set key = ['report_id', 'identity_id', 'slice'] %}
{% set title_zh = '2019年以前统计表的每条勾稽关系结论与单元格一致' %}
{% set title_en = 'The verdicts on the annexes before 2019 follow from their cells' %}
with slices as (
    select distinct
        cells.report_id, cells.agency_id, cells.report_year, identity_id, relation,
        if(slice_by = 'column', cells.column_code, cells.indicator_code) as slice
    from reference.statistic_identities
    inner join reference.statistic_identity_terms as terms using (identity_id)
    inner join marts.fct_statistics as cells
        on (terms.indicator_code is null or terms.indicator_code = cells.indicator_code)
        and (terms.column_code is null or terms.column_code = cells.column_code)
    where side = 'left' and year_offset = 0 and value_status <> 'absent'
),

terms as (
    select
        slices.*, term_order, side, when_absent, value, coalesce(value_status, 'absent') as value_status,
        ifnull(terms.indicator_code, slice) as indicator_code, year_offset
    from slices
    inner join reference.statistic_identity_terms as terms using (identity_id)
    left join marts.fct_statistics as cells
        on slices.agency_id = cells.agency_id
        and slices.report_year = cells.report_year - year_offset
        and ifnull(terms.indicator_code, slice) = cells.indicator_code
        and ifnull(terms.column_code, slice) = cells.column_code
),

sums as (
    select
        report_id, agency_id, report_year, identity_id, relation, slice,
        sum(value) filter (where side = 'left') as lhs,
        sum(value) filter (where side = 'right') as rhs,
        bool_or(value_status = 'unreadable' or value_status = 'absent' and when_absent = 'not_assessable') as lacks,
        count_if(value_status in ('blank', 'not_applicable')) as empty,
        count_if(side = 'left' and value_status = 'blank') as empty_left,
        count_if(side = 'right' and value_status = 'blank') as empty_right,
        count_if(side = 'left' and value_status in ('blank', 'not_applicable')) as nothing_left,
        count_if(side = 'right' and value_status in ('blank', 'not_applicable')) as nothing_right,
        string_agg(
            value_status || ': ' || indicator_code || if(year_offset = 0, '', ' of last year'), '; ' order by term_order
        ) filter (
            where value_status in ('blank', 'not_applicable', 'unreadable')
                or value_status = 'absent' and when_absent = 'not_assessable'
        ) as reason
    from terms
    group by all
    having bool_or(side = 'right' and (value_status <> 'absent' or when_absent = 'not_assessable'))
),

gaps as (
    select
        *,
        coalesce(lhs, 0) - coalesce(rhs, 0) as gap,
        if(relation = 'at_most' and gap < 0, 0, gap) as difference
    from sums
)

select
    report_id, agency_id, report_year, identity_id, slice, lhs, rhs,
    if(lhs is null or rhs is null, null, difference) as difference,
    case
        when lacks or (lhs is null and nothing_left = 0) or (rhs is null and nothing_right = 0) then 'not_assessable'
        when difference = 0 then if(empty = 0, 'holds', 'holds_if_blank_is_zero')
        when if(difference < 0, empty_left, empty_right) > 0 then 'not_assessable'
        else 'broken'
    end as status,
    reason
from gaps
