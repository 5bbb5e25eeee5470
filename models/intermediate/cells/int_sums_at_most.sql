-- How large the sums of a report's cells can be where some of the cells hold no number. The cells of a row add up to no
-- more than its printed total, the outcomes to no more than （七）总计, and one side of the balance to no more than the
-- totals of the other. A total that is less than what stands beside it bounds nothing.
with cells as (

    select * from {{ ref('int_cells') }}
    where form_table in ('requests', 'reviews') and not is_subtotal

),

corrected_cells as (

    select * from {{ ref('int_corrected_cells') }}

),

form_lines as (

    select distinct
        form_table,
        line_code,
        stage,
        outcome_group
    from {{ ref('form_lines') }}

),

numbers as (

    select
        cells.report_id,
        cells.form_table,
        cells.line_code,
        form_lines.stage,
        form_lines.outcome_group,
        cells.line_code as channel,
        cells.column_code as result,
        cells.column_code = 'total' as is_total,
        cast(coalesce(corrected_cells.value, cells.value) as bigint) as value
    from cells
    inner join form_lines on cells.form_table = form_lines.form_table and cells.line_code = form_lines.line_code
    left join corrected_cells
        on
            cells.report_id = corrected_cells.report_id
            and cells.form_table = corrected_cells.form_table
            and cells.line_code = corrected_cells.line_code
            and cells.column_code = corrected_cells.column_code

),

{% set measures = summary_measures() | selectattr('fact', 'in', ['fct_requests', 'fct_review_litigation']) | list %}
-- what a row adds up to, what it printed as its total, and of each measure its sum and the cells left open
printed_rows as (

    select
        report_id,
        line_code,
        stage,
        {% for measure in measures %}
            {% set of_table = "form_table = '" ~ fact_tables()[measure.fact] ~ "'" %}
            {% set of_measure = "not is_total and " ~ of_table ~ " and " ~ measure.cells %}
            sum(case when {{ of_measure }} then value end) as {{ measure.name }},
            max(case when {{ of_measure }} and value is null then 1 else 0 end) as {{ measure.name }}_is_open,
        {% endfor %}
        sum(case when not is_total then coalesce(value, 0) end) as parts,
        max(case when not is_total and value is null then 1 else 0 end) as is_open,
        max(case when is_total then value end) as total
    from numbers
    group by report_id, form_table, line_code, stage

),

-- a row has a whole where its total and its parts do not contradict each other
whole_rows as (

    select
        *,
        case
            when is_open = 0 and coalesce(total, parts) = parts then parts
            when is_open = 1 and total >= parts then total
        end as whole
    from printed_rows

),

balances as (

    select
        *,
        {% for line in ['new_requests', 'carried_in', 'total_processed', 'carried_out'] %}
            max(case when line_code = '{{ line }}' then whole end) over (partition by report_id)
                as whole_of_{{ line }}{% if not loop.last %},{% endif %}

        {% endfor %}
    from whole_rows

),

-- where no total is printed, it is what the other three rows of the balance leave
balanced_rows as (

    select
        *,
        case
            when whole is not null or total is not null then whole
            when line_code = 'new_requests'
                then whole_of_total_processed + whole_of_carried_out - whole_of_carried_in
            when line_code = 'carried_in'
                then whole_of_total_processed + whole_of_carried_out - whole_of_new_requests
            when line_code = 'total_processed'
                then whole_of_new_requests + whole_of_carried_in - whole_of_carried_out
            when line_code = 'carried_out'
                then whole_of_new_requests + whole_of_carried_in - whole_of_total_processed
        end as balanced
    from balances

),

-- how much the open cells of a row can add up to, and those of all outcomes
rooms as (

    select
        *,
        case when balanced >= parts then balanced - parts end as room,
        case
            when stage = 'outcome'
                then
                    max(case when line_code = 'total_processed' then balanced end) over (partition by report_id)
                    - sum(case when stage = 'outcome' then parts end) over (partition by report_id)
        end as outcome_room
    from balanced_rows

),

final as (

    select
        report_id,
        {% for measure in measures %}
            {% set is_open = measure.name ~ '_is_open = 1' %}
            cast(
                case
                    when max({{ measure.name }}_is_open) = 0 then sum({{ measure.name }})
                    else
                        coalesce(sum({{ measure.name }}), 0)
                        + least(
                            case
                                when max(case when {{ is_open }} and room is null then 1 else 0 end) = 0
                                    then sum(case when {{ is_open }} then room end)
                            end,
                            max(case when {{ is_open }} and outcome_room >= 0 then outcome_room end)
                        )
                end as bigint
            ) as {{ measure.name }}_at_most{% if not loop.last %},{% endif %}

        {% endfor %}
    from rooms
    group by report_id

)

select * from final
