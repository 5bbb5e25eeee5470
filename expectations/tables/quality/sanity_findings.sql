-- What readers would stumble over: a count below zero, a number that is none of requests, decisions that are the stock of
-- items, totals alone in their rows, rows and tables just as last year's or another body's, counts and amounts far from what is usual.
{% set key = ['report_id', 'sanity_check_id', 'form_table', 'line_code', 'column_code'] %}
{% set title_zh = '异常提示与单元格一致' %}
{% set title_en = 'What readers stumble over is found in the cells' %}
{% macro bound(name, check, form_table) -%}
    (select {{ name }} from reference.sanity_bounds as bounds
    where bounds.sanity_check_id = '{{ check }}' and bounds.form_table = {{ form_table }})
{%- endmacro %}
with odd as (
    select report_id, form_table, line_code, column_code, numbers.*
    from marts.printed_cells
    semi join intermediate.int_reports using (report_id)
    inner join intermediate.int_printed_numbers as numbers using (printed)
    where
        column_code <> 'amount'
        and printed in (
            select printed from intermediate.int_printed_numbers
            where count_value < 0 or 'unreadable' in (count_status, change_status)
        )
),

last_year as (
    select report_id, source_report_id from intermediate.int_check_sources where year_offset = -1
),

-- the numbers of a table that are not 0, written out, without totals
written as (
    select
        report_id, 'requests' as form_table,
        string_agg(
            concat_ws(' ', line_code, {% for type in applicant_types %}coalesce({{ type }}, 0){{ ', ' if not loop.last }}{% endfor %}),
            '; ' order by line_code
        ) as numbers,
        sum({% for type in applicant_types %}(coalesce({{ type }}, 0) <> 0)::integer{{ ' + ' if not loop.last }}{% endfor %}) as filled
    from intermediate.int_request_rows
    where
        not is_absent and not is_subtotal and line_code <> 'total_processed'
        and ({{ applicant_types | join(' <> 0 or ') }} <> 0)
    group by report_id
    union all
    select report_id, 'disclosures', string_agg(concat_ws(' ', line_code, measure_code, value), '; ' order by line_code, measure_code), count(*)
    from intermediate.int_disclosure_cells
    where value_status = 'reported' and value <> 0
    group by report_id
),

full_enough as (
    select written.*, sanity_check_id
    from written
    inner join reference.sanity_bounds using (form_table)
    where filled >= numbers_at_least
),

-- each with its neighbours among those that hold the same
twins as (
    select report_id, form_table, is_whole, whole, unnest([before_it, after_it]) as other
    from (
        select
            *, lag({'report_id': report_id, 'is_whole': is_whole, 'whole': whole}) over alike as before_it,
            lead({'report_id': report_id, 'is_whole': is_whole, 'whole': whole}) over alike as after_it
        from (
            select
                report_id, report_year, form_table, numbers, reports.is_consolidated as is_whole,
                if(reports.is_consolidated, agency_id, parent_agency_id) as whole
            from full_enough
            inner join intermediate.int_reports as reports using (report_id)
            inner join staging.stg_agencies using (agency_id)
            where sanity_check_id = 'table_of_another_body'
        )
        window alike as (partition by form_table, report_year, numbers order by report_id)
    )
),

-- a body's counts and largest numbers, from its first report to its last
counts as (
    {% for column in applicant_columns %}
        select report_id, 'requests' as form_table, line_code, '{{ column }}' as column_code, {{ column }}::double as value
        from intermediate.int_request_rows
        where line_code = 'new_requests' and {{ column }} >= 0
        union all
    {% endfor %}
    select report_id, 'reviews', channel, 'total', total from intermediate.int_review_rows where total >= 0
    union all
    select report_id, 'disclosures', line_code, 'decisions', value
    from intermediate.int_disclosure_cells
    where measure_code = 'decisions' and value >= 0
),

largest as (
    select
        report_id, 'requests' as form_table,
        max(greatest({{ applicant_columns | join(', ') }}, 0))::double as value
    from intermediate.int_request_rows
    where not is_absent and not is_subtotal
    group by report_id
    having count(coalesce({{ applicant_columns | join(', ') }})) > 0
    union all
    select report_id, 'disclosures', max(abs(value))
    from intermediate.int_disclosure_cells
    where value_status = 'reported'
    group by report_id
),

series as (
    select
        form_table, line_code, column_code, list(report_id order by report_year) as reports,
        list(value order by report_year) as counted
    from counts
    inner join intermediate.int_reports using (report_id)
    group by agency_id, form_table, line_code, column_code
    having max(value) >= (
        select min(count_at_least) from reference.sanity_bounds
        where sanity_check_id in ('jump', 'part_left_zero', 'table_left_zero')
    )
    union all
    select form_table, 'all', 'all', list(report_id order by report_year), list(value order by report_year)
    from largest
    inner join intermediate.int_reports using (report_id)
    group by agency_id, form_table, if(form_table = 'disclosures', layout, null)
),

measured as (
    select
        *, unnest(range(1, len(counted) + 1)) as place, list_median(counted) as usual,
        list_transform(counted, v -> abs(ln(1 + v) - list_median(list_transform(counted, w -> ln(1 + w))))) as distances
    from series
),

placed as (
    select
        reports[place] as report_id, form_table, line_code, column_code, counted[place] as value, usual,
        distances[place] as distance, list_median(distances) as spread, len(counted) as years,
        if(place > 2, least(counted[place - 2], counted[place - 1]), null) as least_before
    from measured
),

amounts as (
    select
        report_id, line_code, value,
        case
            when count(*) over body >= {{ bound('reports_at_least', 'amount_in_other_unit', "'disclosures'") }}
                then median(value::double) over body
            when count(*) over peers >= {{ bound('peers_at_least', 'amount_in_other_unit', "'disclosures'") }}
                then median(value::double) over peers
        end as usual
    from intermediate.int_disclosure_cells
    inner join intermediate.int_reports as reports using (report_id)
    inner join staging.stg_agencies as agencies using (agency_id)
    where measure_code = 'amount' and value > 0
    window
        body as (partition by reports.agency_id, line_code),
        peers as (partition by reports.report_year, agencies.level, reports.sector_code, line_code)
),

findings as (
    select report_id, 'not_a_count' as sanity_check_id, form_table, line_code, column_code
    from odd
    where column_code <> 'change' and count_value < 0
    union all
    select
        report_id, if(printed_unit is null, 'not_a_count', 'money_in_count'), form_table, line_code, column_code
    from odd
    where amount_status = 'reported' and if(column_code = 'change', change_status, count_status) = 'unreadable'
    {% for form_table, rows, line, columns in [
        ('requests', 'int_request_rows', 'line_code', applicant_columns),
        ('reviews', 'int_review_rows', 'channel', result_columns),
    ] %}
        union all
        select distinct own.report_id, 'copied_row', '{{ form_table }}', own.{{ line }}, 'all'
        from intermediate.{{ rows }} as own
        inner join last_year on own.report_id = last_year.report_id
        inner join intermediate.{{ rows }} as before
            on last_year.source_report_id = before.report_id and own.{{ line }} = before.{{ line }}
        where
            own.total >= {{ bound('count_at_least', 'copied_row', "'" ~ form_table ~ "'") }}
            {% for column in columns %}and own.{{ column }} = before.{{ column }} {% endfor %}
        union all
        select report_id, 'undistributed_total', '{{ form_table }}', {{ line }}, 'total'
        from intermediate.{{ rows }}
        where total > 0 {% for column in columns if column != 'total' %}and {{ column }}_status = 'blank' {% endfor %}
    {% endfor %}
    union all
    select report_id, 'decisions_are_items', 'disclosures', line_code, 'decisions'
    from (
        pivot (
            select report_id, line_code, measure_code, value
            from intermediate.int_disclosure_cells where value_status = 'reported'
        )
        on measure_code in ('prior_items', 'change', 'decisions')
        using any_value(value)
    )
    where decisions <> 0 and decisions = prior_items + change
)

select *, null::decimal(28, 4) as value, null::decimal(28, 4) as usual_value, null::varchar as other_report_id
from findings
union all
select own.report_id, 'table_of_last_year', own.form_table, 'all', 'all', null, null, min(before.report_id)
from full_enough as own
inner join last_year on own.report_id = last_year.report_id
inner join full_enough as before
    on last_year.source_report_id = before.report_id and own.form_table = before.form_table
    and own.sanity_check_id = before.sanity_check_id and own.numbers = before.numbers
where own.sanity_check_id = 'table_of_last_year'
group by own.report_id, own.form_table
union all
select report_id, 'table_of_another_body', form_table, 'all', 'all', null, null, min(other.report_id)
from twins
-- a whole may equal its one busy member
where other is not null and (is_whole = other.is_whole or whole is null or whole is distinct from other.whole)
group by report_id, form_table
union all
select report_id, 'jump', form_table, line_code, column_code, value, usual, null
from placed
where
    column_code in ('total', 'decisions')
    and years >= {{ bound('reports_at_least', 'jump', 'placed.form_table') }}
    and greatest(value, usual) >= {{ bound('count_at_least', 'jump', 'placed.form_table') }}
    and distance >= spread * {{ bound('spreads_at_least', 'jump', 'placed.form_table') }}
    and greatest((1 + value) / (1 + usual), (1 + usual) / (1 + value)) >= {{ bound('times_at_least', 'jump', 'placed.form_table') }}
union all
select report_id, 'table_left_zero', form_table, line_code, column_code, 0, null, null
from placed
where
    line_code = 'all' and value = 0
    and least_before >= {{ bound('count_at_least', 'table_left_zero', 'placed.form_table') }}
union all
select report_id, 'part_left_zero', form_table, line_code, column_code, 0, usual, null
from placed
anti join (select report_id, form_table from largest where value = 0) as empty using (report_id, form_table)
where
    line_code <> 'all' and value = 0 and not (form_table = 'requests' and column_code = 'total')
    and least_before >= {{ bound('count_at_least', 'part_left_zero', 'placed.form_table') }}
union all
select report_id, 'amount_in_other_unit', 'disclosures', line_code, 'amount', value, usual, null
from amounts
where
    greatest(value::double / usual, usual / value::double)
    between {{ bound('times_at_least', 'amount_in_other_unit', "'disclosures'") }}
    and {{ bound('times_at_most', 'amount_in_other_unit', "'disclosures'") }}
