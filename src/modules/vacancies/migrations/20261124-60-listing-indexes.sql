-- What is looked for together stands in one index, so that it is met there and not in the table: a place and a trade named
-- beside another. Half of all adverts have the same currency: an index of it only led astray.
create index listing_sought on vacancies.listing using gin (place_codes, other_trades);
drop index vacancies.listing_places, vacancies.listing_other_trades, vacancies.listing_currency;
-- The words of a sample alone: how frequent they are is known without reading all that have them.
create index listing_sampled_words on vacancies.listing using gin (document) where lot < 1024;
