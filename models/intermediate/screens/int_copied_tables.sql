-- Tables that hold the same numbers as the report that this one goes on from, or as another body's of the same year,
-- and enough of them that two quiet bodies are not taken for copies. Tables meet by a hash of their numbers, which
-- costs no more than sorting them.
with contents as (

    select * from {{ ref('int_table_contents') }}

),

reports as (

    select * from {{ ref('int_reports') }}

),

agencies as (

    select * from {{ ref('int_agencies') }}

),

check_sources as (

    select * from {{ ref('int_check_sources') }}
    where year_offset = -1

),

sanity_bounds as (

    select * from {{ ref('sanity_bounds') }}

),

tables_of_last_year as (

    select
        own_tables.report_id,
        'table_of_last_year' as sanity_check_id,
        own_tables.form_table,
        min(last_years_tables.report_id) as other_report_id
    from contents as own_tables
    inner join sanity_bounds
        on
            sanity_bounds.sanity_check_id = 'table_of_last_year'
            and own_tables.form_table = sanity_bounds.form_table
            and own_tables.numbers_not_zero >= sanity_bounds.numbers_at_least
    inner join check_sources on own_tables.report_id = check_sources.report_id
    inner join contents as last_years_tables
        on
            check_sources.source_report_id = last_years_tables.report_id
            and own_tables.form_table = last_years_tables.form_table
            and own_tables.numbers_not_zero = last_years_tables.numbers_not_zero
            and own_tables.hash_of_numbers = last_years_tables.hash_of_numbers
    group by own_tables.report_id, own_tables.form_table

),

bodies as (

    select
        reports.report_id,
        reports.is_consolidated,
        case when reports.is_consolidated then agencies.agency_id else agencies.parent_agency_id end as whole_agency_id
    from reports
    inner join agencies on reports.agency_id = agencies.agency_id

),

beside_their_like as (

    select
        contents.report_id,
        contents.form_table,
        bodies.is_consolidated,
        bodies.whole_agency_id,
        lag(contents.report_id) over like_tables as report_before,
        lag(bodies.is_consolidated) over like_tables as is_before_consolidated,
        lag(bodies.whole_agency_id) over like_tables as whole_before,
        lead(contents.report_id) over like_tables as report_after,
        lead(bodies.is_consolidated) over like_tables as is_after_consolidated,
        lead(bodies.whole_agency_id) over like_tables as whole_after
    from contents
    inner join bodies on contents.report_id = bodies.report_id
    inner join sanity_bounds
        on
            sanity_bounds.sanity_check_id = 'table_of_another_body'
            and contents.form_table = sanity_bounds.form_table
            and contents.numbers_not_zero >= sanity_bounds.numbers_at_least
    window like_tables as (
        partition by
            contents.form_table,
            contents.report_year,
            contents.numbers_not_zero,
            contents.hash_of_numbers
        order by contents.report_id
    )

),

-- a report that adds up one busy body among quiet ones may well equal it
tables_of_another_body as (

    {% for beside in ['before', 'after'] %}
        select
            report_id,
            'table_of_another_body' as sanity_check_id,
            form_table,
            report_{{ beside }} as other_report_id
        from beside_their_like
        where
            report_{{ beside }} is not null
            and not (
                is_consolidated <> is_{{ beside }}_consolidated
                and coalesce(whole_agency_id = whole_{{ beside }}, false)
            )
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

final as (

    select * from tables_of_last_year
    union all
    select
        report_id,
        sanity_check_id,
        form_table,
        min(other_report_id) as other_report_id
    from tables_of_another_body
    group by report_id, sanity_check_id, form_table

)

select * from final
