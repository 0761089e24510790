-- The search finds occupations and places by their codes and reads titles apart from long texts.
alter table vacancies.listing
  -- Title and profession; their words by sound too, for those who type them in Latin letters.
  add column title_words tsvector not null default '',
  -- Unit groups that the title names beside `isco`: a second job, or what an unclear title may be.
  add column other_trades text[] not null default '{}',
  -- A lot drawn for each advert, 0 … 65535: the lowest are a fair sample of any selection.
  add column lot integer not null default 0,
  -- By which rules the row was made: see publishing.ts.
  add column document_version text not null default '';

-- What filters and counts read stays together in few pages; the words of the texts stand aside.
alter table vacancies.listing alter column document set storage external;
alter table vacancies.listing set (toast_tuple_target = 256);

create index listing_title on vacancies.listing using gin (title_words);
create index listing_other_trades on vacancies.listing using gin (other_trades);
create index listing_of_occupation on vacancies.listing (isco, sort_on desc, vacancy_id desc)
  include (country, place_codes, accommodation, foreigners, contract, pay_currency, pay_month, published_on, expires_on);
create index listing_currency on vacancies.listing (pay_currency);
create index listing_sample on vacancies.listing (lot)
  include (isco, other_trades, country, place_codes, accommodation, foreigners, contract, pay_currency, pay_month, published_on, expires_on)
  where lot < 16384;
drop index vacancies.listing_isco;
