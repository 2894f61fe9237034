-- question: what does the warehouse hold, and what does each part of it mean?
-- parameters: none
-- columns: schema_name, schema_comment, relation_name, kind (table or view), relation_comment, column_name, type, is_nullable, column_comment
select
    namespace.nspname as schema_name,
    obj_description(namespace.oid, 'pg_namespace') as schema_comment,
    relation.relname as relation_name,
    case when relation.relkind = 'v' then 'view' else 'table' end as kind,
    obj_description(relation.oid, 'pg_class') as relation_comment,
    attribute.attname as column_name,
    format_type(attribute.atttypid, attribute.atttypmod) as type,
    not attribute.attnotnull as is_nullable,
    col_description(relation.oid, attribute.attnum) as column_comment
from pg_namespace as namespace
inner join pg_class as relation on relation.relnamespace = namespace.oid
inner join pg_attribute as attribute on attribute.attrelid = relation.oid
where
    namespace.nspname in ('raw', 'core', 'mart')
    and relation.relkind in ('r', 'p', 'v')
    and not relation.relispartition
    and attribute.attnum > 0
    and not attribute.attisdropped
order by array_position(array['mart', 'core', 'raw'], namespace.nspname::text), relation.relname, attribute.attnum
