-- Table 二 as it is printed: signs, units and remarks in the ways of the body.
with numbers as (
    select
        reports.*,
        cells.line_code, cells.measure_code, measures.kind,
        lines.line_order::integer as line_order,
        measures.measure_order::integer as measure_order,
        case cells.measure_code
            when 'made' then made
            when 'published' then made
            when 'repealed' then repealed
            when 'public_total' then stock
            when 'in_force' then stock
            when 'prior_items' then stock_before
            when 'change' then stock - stock_before
            when 'decisions' then decisions
            when 'projects' then projects
        end as number,
        amount,
        drawn.n is null as has_nothing
    from year_reports as reports
    inner join form_cells as cells on reports.layout = cells.layout
    inner join form_lines as lines on cells.layout = lines.layout
        and lines.form_table = 'disclosures' and cells.line_code = lines.line_code
    inner join measures on cells.layout = measures.layout
        and cells.measure_code = measures.measure_code
    left join disclosure_numbers as drawn
        on reports.n = drawn.n and cells.line_code = drawn.line_code
),
texts as (
    select *,
        abs(number)::varchar as digits,
        regexp_replace(amount::varchar, '[.]?0+$', '') as yuan,
        regexp_replace(
            (amount * 0.0001::decimal(5, 4))::decimal(24, 6)::varchar, '[.]?0+$', ''
        ) as ten_thousand_yuan,
        case when words < 0.9 then '0' when words < 0.95 then null when words < 0.98
            then '/' else '无' end as nothing
    from numbers
    where not (
        layout = '2021' and line_code = 'regulation' and has_nothing and others > 0.9
    )
)
select
    report_id, line_code, measure_code,
    case
        when kind = 'amount' and coalesce(amount, 0) = 0 then nothing
        when kind = 'amount' and layout = '2019' then
            case when money < 0.4 then yuan || '元' when money < 0.55
                then ten_thousand_yuan || '万元' else amount::varchar end
        when kind = 'amount' then
            case when money < 0.05 then yuan || '元' when money < 0.1
                then ten_thousand_yuan || '万元' else ten_thousand_yuan end
        when kind = 'change' and coalesce(number, 0) = 0 then
            case when changes > 0.97 then '0/0' else nothing end
        when kind = 'change' and number > 0 then
            case when changes < 0.6 then '' when changes < 0.8 then '+' when changes < 0.9
                then '增' else '增加' end || digits
        when kind = 'change' then
            case when changes < 0.75 then '-' when changes < 0.8 then '--'
                when changes < 0.9 then '减' else '减少' end || digits
        when coalesce(number, 0) = 0 then nothing
        when line_code = 'normative_document' and u('unclear', a, y, measure_order, 0)
            < 0.002 then '?'
        when measure_code = 'in_force' and number > 20 and u('remark', a, y, 0, 0) < 0.02
            then digits || '（含自然失效' || (1 + number // 10) || '件）'
        when measure_code = 'projects' and words between 0.5 and 0.6 then digits || '笔'
        when measure_code in ('made', 'in_force') and words between 0.5 and 0.52
            then digits || '件'
        else digits
    end as printed
from texts
order by n, line_order, measure_order
