-- The search finds occupations and places by their codes and reads titles apart from long texts.
alter table vacancies.listing
  -- Title and profession; their words by sound too, for those who type them in Latin letters.
  add column title_words tsvector not null default '',
  -- A lot drawn for each advert, 0 … 65535: the lowest are a fair sample of any selection.
  add column lot integer not null default 0,
  -- By which rules the row was made: see publishing.ts.
  add column document_version text not null default '';

create index listing_title on vacancies.listing using gin (title_words);
create index listing_of_occupation on vacancies.listing (isco, sort_on desc, vacancy_id desc);
create index listing_sample on vacancies.listing (lot)
  include (isco, country, place_codes, accommodation, foreigners, contract, pay_currency, pay_month, published_on, expires_on)
  where lot < 16384;
drop index vacancies.listing_isco;
create index listing_currency on vacancies.listing (pay_currency);
