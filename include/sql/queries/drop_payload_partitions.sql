-- question: drops the months of raw payloads that ended before a day
-- parameters: before
-- columns: dropped (how many)
select core.drop_partitions('raw.payloads', cast(:before as date)) as dropped
