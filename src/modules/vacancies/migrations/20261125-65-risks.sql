-- What may be wrong with an advert, beside service under arms, which stays a question of its own.
alter table vacancies.review drop constraint review_reason_known;
alter table vacancies.review add constraint review_reason_known
  check (reason in ('occupation', 'military', 'risk', 'report'));
