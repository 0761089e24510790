-- How many more adverts stand behind the head of a group: the list says so.
alter table vacancies.listing add column also_offered integer not null default 0;
