-- The identities, each with the list of its terms.
select
    identities.identity_id,
    identities.form_table,
    identities.slice_by,
    identities.layout,
    identities.title_zh,
    identities.title_en,
    identities.severity,
    coalesce(
        list(
            {
                'side': terms.side,
                'scope': terms.scope,
                'year_offset': cast(terms.year_offset as integer),
                'form_table': terms.form_table,
                'line_code': terms.line_code,
                'column_code': terms.column_code,
                'coefficient': cast(terms.coefficient as integer),
                'is_required': terms.when_absent = 'not_assessable',
                'reading': terms.reading
            }
            order by cast(terms.term_order as integer)
        ) filter (terms.identity_id is not null),
        []
    ) as terms
from {{ identities }} as identities
left join {{ identity_terms }} as terms on identities.identity_id = terms.identity_id
group by all
order by identities.identity_id
