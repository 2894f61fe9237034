-- question: drops the months of archived pages that ended before a day
-- parameters: before
-- columns: dropped (how many)
select core.drop_partitions('raw.pages', cast(:before as date)) as dropped
