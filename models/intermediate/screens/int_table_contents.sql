-- Tables 三 and 二 of a report, a row each: how many numbers stand in it, how large, and a hash by which equal tables are
-- found. Totals of table 三 tell nothing of their own: they are neither counted nor hashed.
with all_request_rows as {{ read_in_place() }} (

    select * from {{ ref('int_request_rows') }}
    where not is_absent and not is_subtotal

),

disclosure_cells as {{ read_in_place() }} (

    select
        report_id,
        report_year,
        line_code,
        measure_code,
        value
    from {{ ref('int_disclosure_cells') }}
    where value_status = 'reported'

),

total_lines as (

    select distinct line_code
    from {{ ref('form_lines') }}
    where form_table = 'requests' and stage = 'outcome_total'

),

request_rows as {{ read_in_place() }} (

    select
        all_request_rows.report_id,
        all_request_rows.report_year,
        all_request_rows.line_code,
        {% for column in applicant_columns() %}
            coalesce(all_request_rows.{{ column }}, 0) as {{ column }},
        {% endfor %}
        {% for column in applicant_columns() %}
            case when all_request_rows.{{ column }} is null then 0 else 1 end{{ ' +' if not loop.last }}
        {% endfor %}
            as numbers
    from all_request_rows

),

filled_rows as (

    select *
    from request_rows
    where
        ({{ applicant_types() | join(' <> 0 or ') }} <> 0)
        and line_code not in (select total_lines.line_code from total_lines)

),

request_hashes as (

    select
        report_id,
        {% for type in applicant_types() %}
            sum(case when {{ type }} <> 0 then 1 else 0 end){{ ' +' if not loop.last }}
        {% endfor %}
            as numbers_not_zero,
        {{ hash_of_rows(['line_code'] + applicant_types()) }} as hash_of_numbers
    from filled_rows
    group by report_id

),

request_tables as (

    select
        report_id,
        report_year,
        sum(numbers) as numbers,
        max(greatest({{ applicant_columns() | join(', ') }})) as largest
    from request_rows
    group by report_id, report_year

),

disclosure_hashes as (

    select
        report_id,
        {{ hash_of_rows(['line_code', 'measure_code', 'value']) }} as hash_of_numbers
    from disclosure_cells
    where value <> 0
    group by report_id

),

disclosure_tables as (

    select
        report_id,
        report_year,
        count(*) as numbers,
        sum(case when value <> 0 then 1 else 0 end) as numbers_not_zero,
        max(abs(value)) as largest
    from disclosure_cells
    group by report_id, report_year

),

final as (

    select
        request_tables.report_id,
        request_tables.report_year,
        'requests' as form_table,
        cast(request_tables.numbers as integer) as numbers,
        cast(coalesce(request_hashes.numbers_not_zero, 0) as integer) as numbers_not_zero,
        cast(request_tables.largest as decimal(28, 4)) as largest,
        request_hashes.hash_of_numbers
    from request_tables
    left join request_hashes on request_tables.report_id = request_hashes.report_id
    union all
    select
        disclosure_tables.report_id,
        disclosure_tables.report_year,
        'disclosures' as form_table,
        cast(disclosure_tables.numbers as integer) as numbers,
        cast(disclosure_tables.numbers_not_zero as integer) as numbers_not_zero,
        cast(disclosure_tables.largest as decimal(28, 4)) as largest,
        disclosure_hashes.hash_of_numbers
    from disclosure_tables
    left join disclosure_hashes on disclosure_tables.report_id = disclosure_hashes.report_id

)

select * from final
