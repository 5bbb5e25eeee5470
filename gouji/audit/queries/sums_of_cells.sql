{% from 'audit/queries/seen.sql' import seen_in with context %}
-- The default for an identity of any shape: its cells, one row each, are joined to the terms that name them and summed.
with terms (
    place, line_code, column_code, rows, without_total, left_weight, right_weight, term_bit, {{ statuses | join(', ') }}
) as (

    values
    {% for term in terms %}
        (
            {{ term.place }},
            {% for code in [term.line_code, term.column_code] %}
                {% if code %}'{{ code }}'{% else %}cast(null as varchar){% endif %},
            {% endfor %}
            '{{ term.rows }}', cast({{ 'null' if term.without_total is none else term.without_total }} as boolean),
            {{ term.left_weight }}, {{ term.right_weight }}, {{ term.bit }}, {{ term.seen | join(', ') }}
        ){% if not loop.last %},{% endif %}
    {% endfor %}

),

cells as (

    {% for place in places %}
        select {{ loop.index0 }} as place, * from ({% include 'audit/queries/cells_of_place.sql' %})
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

cells_of_terms as (

    select
        cells.report_id,
        {{ {'column': 'cells.column_code', 'line': 'cells.line_code'}.get(identity.slice_by, "'all'") }} as slice,
        terms.left_weight * coalesce(cells.value, 0) as left_value,
        terms.right_weight * coalesce(cells.value, 0) as right_value,
        terms.term_bit,
        {{ seen_in('cells.status', statuses) }}
        -- a change may be less than nothing, so that its blank could do either
        | case
            when cells.is_signed and cells.status = 'blank'
                then {{ Seen.BLANK_RAISES + Seen.BLANK_LOWERS }}
            else 0
        end as seen
    from cells
    inner join terms
        on
            cells.place = terms.place
            and cells.line_code = coalesce(terms.line_code, cells.line_code)
            and cells.column_code = coalesce(terms.column_code, cells.column_code)
    where
        terms.rows in ('all', if(cells.is_subtotal, 'subtotals', 'all but subtotals'))
        -- a total that is blank is none where its parts are there
        and coalesce(terms.without_total = cells.is_without_total, true)

)

{% set members_terms = terms | selectattr('scope', 'equalto', 'members') | selectattr('is_required') | list %}
select
    report_id,
    slice,
    sum(left_value) as lhs,
    sum(right_value) as rhs,
    bit_or(seen) as seen,
    {% if members_terms %}
        -- a term of the members is found where every one of them has the cell
        if(
            count(*) filter (term_bit & {{ members_terms | sum('bit') }} > 0)
            = {{ members_terms | length }} * any_value(members),
            bit_or(term_bit),
            0
        )
    {% else %}
        bit_or(term_bit)
    {% endif %}
    as terms_found
from cells_of_terms
{% if members_terms %}
    left join (
        select report_id, count(*) as members
        from ({% include 'audit/queries/members.sql' %})
        group by report_id
    ) using (report_id)
{% endif %}
group by report_id, slice
