{% from 'queries/verdict.sql' import verdict %}
{% macro has_seen(what) %}(seen & {{ what | int }} > 0){% endmacro %}
-- Every check of an identity with its verdict, over the sums of its terms.
with sums as (

    {% include 'audit/queries/' ~ sums_of ~ '.sql' %}

)

{% set says_nothing %}
    terms_found <> {{ terms_required }}
    or {{ has_seen(Seen.MISSING + Seen.UNREADABLE) }}
    or not {{ has_seen(Seen.LEFT) }}
    or not {{ has_seen(Seen.RIGHT) }}
{% endset %}
select
    report_id,
    '{{ identity.identity_id }}' as identity_id,
    slice,
    lhs,
    rhs,
    lhs - rhs as difference,
    {{ verdict(
        '(lhs - rhs)',
        says_nothing,
        has_seen(Seen.BLANK_RAISES + Seen.BLANK_LOWERS + Seen.NONE),
        has_seen(Seen.BLANK_RAISES),
        has_seen(Seen.BLANK_LOWERS),
    ) }} as status
from sums
where {{ has_seen(Seen.CHECKED) }}
