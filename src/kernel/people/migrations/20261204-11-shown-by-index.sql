-- A few people of many: planned without knowing how few, and before anybody counted, the whole registry was read for them.
alter function people.show_found(uuid, timestamptz, jsonb) set enable_seqscan = off;
alter function people.show_found(uuid, timestamptz, jsonb) set jit = off;
alter function people.show_found(uuid, timestamptz, jsonb) set plan_cache_mode = force_generic_plan;
