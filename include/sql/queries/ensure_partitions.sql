-- question: makes the month partitions between two dates where they are missing
-- parameters: from_date, to_date
-- columns: made (how many)
select core.ensure_partitions(cast(:from_date as date), cast(:to_date as date)) as made
