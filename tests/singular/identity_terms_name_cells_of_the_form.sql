-- Every term of an identity names cells that one of the forms has, or a figure that the prose can state.
with identity_terms as (

    select * from {{ ref('identity_terms') }}

),

cells_of_the_form as (

    select distinct
        form_lines.form_table,
        form_lines.line_code,
        applicant_types.applicant_type as column_code
    from {{ ref('form_lines') }} as form_lines
    cross join {{ ref('applicant_types') }} as applicant_types
    where form_lines.form_table = 'requests'
    union all
    select distinct
        form_lines.form_table,
        form_lines.line_code,
        results.code as column_code
    from {{ ref('form_lines') }} as form_lines
    cross join {{ ref('channels_results') }} as results
    where form_lines.form_table = 'reviews' and results.dimension = 'result'
    union all
    select distinct
        'disclosures' as form_table,
        line_code,
        measure_code as column_code
    from {{ ref('form_cells') }}
    union all
    select
        'narrative' as form_table,
        figure_code as line_code,
        'stated' as column_code
    from {{ ref('figures') }}

)

select identity_terms.*
from identity_terms
left join cells_of_the_form
    on
        identity_terms.form_table = cells_of_the_form.form_table
        and cells_of_the_form.line_code = coalesce(identity_terms.line_code, cells_of_the_form.line_code)
        and cells_of_the_form.column_code = coalesce(identity_terms.column_code, cells_of_the_form.column_code)
where cells_of_the_form.line_code is null
