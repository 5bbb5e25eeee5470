{#- Which cells a term reads: those of the cell that it names (int_identity_terms), as its `reading` says. -#}

{#- Whether the printed total of a wide row is blank while some part of the row is not. -#}
{% macro lacks_total(parts) -%}
    total_status = 'blank' and not (
        {%- for part in parts %}{{ part }}_status = 'blank'{{ ' and ' if not loop.last }}{% endfor -%}
    )
{%- endmacro %}

{#- Whether a term reads a cell, given the relations or CTEs in which both stand. -#}
{% macro reads_cell(terms, cells) -%}
    case when {{ cells }}.is_subtotal then {{ terms }}.subtotals <> 'left_out' else {{ terms }}.subtotals <> 'only' end
    and coalesce({{ terms }}.without_total = {{ cells }}.is_without_total, true)
{%- endmacro %}

{#-
    Whether a term reads a cell of the report that a pair of int_check_sources gives: table 二 of last year has other
    cells in the other layout.
-#}
{% macro reads_cell_of_source(terms, cells, sources) -%}
    {{ reads_cell(terms, cells) }}
    and not ({{ cells }}.form_table = 'disclosures' and {{ sources }}.is_in_other_layout)
{%- endmacro %}
