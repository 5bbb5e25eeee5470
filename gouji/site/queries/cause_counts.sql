{% include 'queries/causes.sql' %}
