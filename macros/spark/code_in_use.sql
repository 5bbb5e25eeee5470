{#- The files are where dbt runs, not where Spark does: dbt's own checksums of models and seeds. -#}
{% macro spark__code_in_use() %}
    {% set checksums = [dbt_version] %}
    {% for node in graph.nodes.values() if node.resource_type in ('model', 'seed') %}
        {% if '/raw/' not in node.original_file_path and '/stewardship/' not in node.original_file_path %}
            {% do checksums.append(node.checksum.checksum) %}
        {% endif %}
    {% endfor %}
    {% do return(local_md5(checksums | sort | join(' '))) %}
{% endmacro %}
