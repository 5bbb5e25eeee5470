{#-
    How likely an explanation of breaks is, as a power of 2. The weight of its kind says how often that slip is made; each
    check that it mends without a number fitted to it speaks for it, as a wrong one mends it by chance one time in four;
    each broken check of the same table that it leaves needs a slip of its own, and quarters it.
-#}
{% macro likelihood(weight, checks_mended_unfitted, checks_left) -%}
    cast({{ weight }} + 2 * ({{ checks_mended_unfitted }}) - 2 * ({{ checks_left }}) as integer)
{%- endmacro %}
