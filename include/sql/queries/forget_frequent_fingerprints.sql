-- question: forgets which fingerprints were found frequent before a time: what still is will be learned anew
-- parameters: before
-- columns: none
delete from core.frequent_fingerprints
where learned_at < :before
