-- core: the fingerprint index knows the agencies, in the same space, and learns which fingerprints are frequent.

create table core.agencies (
    agency_number smallint generated always as identity primary key,
    name text not null unique
);
insert into core.agencies (agency_number, name) overriding system value values (0, '');
comment on table core.agencies is 'The agencies that articles credit, by a short number for the fingerprint index.';
comment on column core.agencies.agency_number is 'The number; 0 where nobody is credited.';
comment on column core.agencies.name is 'The agency''s name, as in the wire of core.article_versions; empty for number 0.';

create function core.agency_number(agency text) returns smallint
language plpgsql
as $$
declare
    found_number smallint;
begin
    select agency_number into found_number from core.agencies where name = agency;
    if found_number is null then
        insert into core.agencies (name) values (agency) on conflict (name) do nothing;
        select agency_number into found_number from core.agencies where name = agency;
    end if;
    return found_number;
end
$$;
comment on function core.agency_number(text) is 'The number of an agency, a new one where the name is new.';

drop index core.fingerprints_lookup;
alter table core.fingerprints alter column article_number type integer;
alter table core.fingerprints add column agency_number smallint not null default 0;
comment on column core.fingerprints.agency_number is 'The agency that the article credits (core.agencies); 0 where it credits none.';
comment on column core.fingerprints_default.agency_number is 'The agency that the article credits (core.agencies); 0 where it credits none.';
update core.fingerprints as print
set agency_number = core.agency_number(edition.wire ->> 'agency')
from core.articles as article
inner join core.article_fingerprints as prints on prints.article_id = article.article_id
inner join core.article_versions as edition on edition.article_id = prints.article_id and edition.version = prints.version
where article.article_number = print.article_number and edition.wire is not null;
create index fingerprints_lookup on core.fingerprints (fingerprint, published_at) include (article_number, agency_number);

create table core.frequent_fingerprints (
    fingerprint bigint primary key,
    carried jsonb not null,
    learned_at timestamptz not null default now()
);
comment on table core.frequent_fingerprints is 'Fingerprints that so many articles hold that they tell little: noted by the first look-up that meets one, forgotten by maintenance and then learned anew.';
comment on column core.frequent_fingerprints.fingerprint is 'The hash.';
comment on column core.frequent_fingerprints.carried is 'In which five-day periods since 1970 the newest of them were published, by the number of the agency they credit: {"3": [4012, 4013]}.';
comment on column core.frequent_fingerprints.learned_at is 'When it was noted, by the database''s clock.';
