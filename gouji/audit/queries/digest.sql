{#-
    All checks of an identity in one text: how many there are, and the sum of their hashes. A check is its report and
    slice, its verdict, and its two sides, of which one without any number counts as 0.
-#}
{% macro digest() -%}
    count(*) || ' ' || coalesce(sum(cast(hash(
        report_id, slice, status, cast(coalesce(lhs, 0) as decimal(28, 4)), cast(coalesce(rhs, 0) as decimal(28, 4))
    ) as hugeint)), 0)
{%- endmacro %}
