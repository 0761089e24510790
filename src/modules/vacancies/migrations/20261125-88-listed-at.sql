-- When an advert came into what the public reads: for those who wait for new ones. Made anew, a row keeps it.
alter table vacancies.listing add column listed_at timestamptz not null default '1970-01-01 00:00:00+00';
create index listing_came on vacancies.listing (listed_at, vacancy_id);
