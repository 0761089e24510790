-- Whom a person's records still need is asked of each record: see erasure.ts of the registry.
create index refusal_before_of_record on expulsions.refusal_before (record_id);
create index home_help_of_person on expulsions.home_help (person_id);
create index question_of_measure on expulsions.question (measure_id);
