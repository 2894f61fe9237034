-- question: makes room for a placement of this version of an article: what stood for it, or for an earlier version, is history
-- parameters: article_id, version, deduplicator_version
-- columns: none
update core.story_articles
set is_current = false
where
    article_id = :article_id
    and is_current
    and version <= :version
    and (version, deduplicator_version) <> (:version, :deduplicator_version)
