{% include 'queries/changes/counts.sql' %}
