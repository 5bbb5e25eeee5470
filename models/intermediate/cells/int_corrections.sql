-- The corrections at the current editions: a correction follows its report to a later edition.
with corrections as (

    select * from {{ ref('corrections') }}

),

editions as (

    select * from {{ ref('int_current_editions') }}

),

-- of entries for several editions the one for the current edition, else the latest
at_current_editions as (

    select
        coalesce(editions.current_report_id, corrections.report_id) as report_id,
        corrections.report_id as named_report_id,
        corrections.form_table,
        corrections.line_code,
        corrections.column_code,
        corrections.printed,
        corrections.corrected,
        corrections.evidence,
        corrections.corrected_by,
        corrections.corrected_on,
        coalesce(corrections.on_purpose, false) as on_purpose,
        row_number() over (
            partition by
                coalesce(editions.current_report_id, corrections.report_id),
                corrections.form_table,
                corrections.line_code,
                corrections.column_code
            order by
                case when corrections.report_id = editions.current_report_id then 0 else 1 end,
                corrections.corrected_on desc,
                corrections.report_id desc
        ) as place
    from corrections
    left join editions on corrections.report_id = editions.report_id

),

final as (

    select
        report_id,
        named_report_id,
        form_table,
        line_code,
        column_code,
        printed,
        corrected,
        evidence,
        corrected_by,
        corrected_on,
        on_purpose
    from at_current_editions
    where place = 1

)

select * from final
