-- All causes in numbers.
select
{% include 'worklist/queries/counts.sql' %}

from causes
