{#-
    Relations are named by schema and table alone. A view that named its database would stop working
    once the file is renamed, kept as the previous one, or attached under another name.
-#}
{% macro ref() %}
    {% do return(builtins.ref(*varargs, **kwargs).include(database=false)) %}
{% endmacro %}
