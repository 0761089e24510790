-- Which currencies there are is one step of an index for each. In a collation of its own, so that no search for one of them,
-- which half of all adverts may have, is led astray by it.
create index listing_pay_currencies on vacancies.listing ((pay_currency collate "C"));
