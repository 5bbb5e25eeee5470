{#-
    A hash of what the numbers are made with: models, macros and reference seeds, and the versions of dbt and its
    engine. And whether raw tables are seeds, which have whatever columns their files have: models that keep their rows,
    as those over a landing folder do, are not to go on from such. On Spark dbt's own checksums of models and seeds: the
    files are where dbt runs, not where Spark does.
-#}
{% macro code_in_use() %}
    {% do return(adapter.dispatch('code_in_use')()) %}
{% endmacro %}

{% macro duckdb__code_in_use() %}
    {% set files = [] %}
    {% for pattern in ['models/**/*.sql', 'macros/**/*.sql', 'seeds/reference/**', 'dbt_project.yml'] %}
        {% do files.append("'" ~ (flags.PROJECT_DIR or '.') ~ '/' ~ pattern ~ "'") %}
    {% endfor %}
    {% set code %}
        select md5(
            string_agg(md5(content), '' order by filename)
            || version() || '{{ dbt_version }}' || '{{ 'landed' if landing() else 'seeds' }}'
        )
        from read_text([{{ files | join(', ') }}])
    {% endset %}
    {% do return(run_query(code).columns[0].values()[0]) %}
{% endmacro %}

{% macro default__code_in_use() %}
    {% set checksums = [dbt_version] %}
    {% for node in graph.nodes.values() if node.resource_type == 'model' or node.fqn[1] == 'reference' %}
        {% do checksums.append(node.checksum.checksum) %}
    {% endfor %}
    {% do return(local_md5(checksums | sort | join(' '))) %}
{% endmacro %}
