-- Of a long advert the words of its texts stand aside, and nothing else: each search looks at the words of titles.
alter table vacancies.listing
  alter column title set storage main,
  alter column title_words set storage main;
