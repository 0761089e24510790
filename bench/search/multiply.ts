import { type Kysely, sql } from 'kysely'
import type { DB } from '#kernel/db/types.ts'

/**
 * Makes `number` adverts inside PostgreSQL of those that are there, skewed as the real ones: more than half repeat the real
 * adverts, few regions have most of the work, most is in Russia, half states no pay. Repeatable: the seed is fixed.
 */
export async function multiplyAdverts(db: Kysely<DB>, number: number): Promise<void> {
  await db.connection().execute(async (one) => {
    const run = (text: string) => sql.raw(text).execute(one)
    const { rows: indexes } = await sql<{ name: string; definition: string }>`
      select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
      from pg_index
      where indrelid = 'vacancies.listing'::regclass and not indisunique`.execute(one)
    for (const { name } of indexes) await run(`drop index ${name}`)
    await run('select setseed(0.5)')
    await run(`
      create temp table template as
      select row_number() over (order by (v.source = 'trudvsem') desc, v.id) as no, v.source = 'trudvsem' as real, v.id
      from vacancies.listing l join vacancies.vacancy v on v.id = l.vacancy_id`)
    await run(`
      create temp table spot as
      select row_number() over (partition by country order by md5(code)) - 1 as no, count(*) over (partition by country) as of_country, *
      from (
        select p.code, split_part(p.code, '-', 1) as country,
          array_remove(array[p.code, p.parent_code, split_part(p.code, '-', 1)], null) as codes
        from places.place p
        where p.parent_code is not null and p.withdrawn_at is null
      ) all_places`)
    await run(`
      create temp table made as
      select g as no, gen_random_uuid() as id,
        case when random() < 0.55
          then 1 + floor(random() * (select count(*) from template where real))
          else 1 + (select count(*) from template where real) + floor(power(random(), 1.5) * (select count(*) from template where not real))
        end::int as template,
        case when c < 0.86 then 'RU' when c < 0.94 then 'TJ' when c < 0.97 then 'KZ' when c < 0.98 then 'AE' when c < 0.99 then 'KR' else 'PL' end as country,
        power(random(), 3) as spot,
        floor(power(random(), 2) * 720)::int as age,
        case when random() < 0.5 then (20000 + 1000 * floor(random() * 120))::bigint * 100 end as pay,
        random() as a, random() as f, random() as k
      from (select g, random() as c from generate_series(1, ${number}) g) drawn`)
    await run('create index on made (template)')
    await run('analyze made')
    await run(`
      insert into vacancies.vacancy (id, reference, source, source_id, content_hash, lang, title, profession, employer_name, country, place_code,
        pay_min, pay_currency, pay_period, published_on, duties, requirements, conditions, isco, isco_by, accommodation, foreigners, contract,
        state, first_seen_at, last_seen_at)
      select m.id, 'B' || m.no, 'bench', m.no::text, '', v.lang, v.title, v.profession, v.employer_name, m.country, s.code,
        m.pay, case when m.pay is null then null when m.country = 'TJ' then 'TJS' else 'RUB' end, 'month', current_date - m.age,
        v.duties, v.requirements, v.conditions, v.isco, v.isco_by,
        case when m.a < 0.15 then true when m.a < 0.3 then false end,
        case when m.f < 0.1 then 'yes' when m.f < 0.25 then 'no' end,
        case when m.k < 0.3 then 'permanent' when m.k < 0.4 then 'fixed_term' when m.k < 0.45 then 'seasonal' end,
        'published', now(), now()
      from made m
      join template t on t.no = m.template
      join vacancies.vacancy v on v.id = t.id
      join spot s on s.country = m.country and s.no = floor(m.spot * s.of_country)`)
    await run(`
      insert into vacancies.listing (vacancy_id, reference, lang, title, isco, country, place_code, place_codes, pay_min, pay_currency,
        pay_period, pay_month, accommodation, foreigners, contract, employer_name, source, sample, published_on, confirmed_on, sort_on,
        first_seen_at, changed_at, document, title_words, other_trades, lot, document_version)
      select v.id, v.reference, v.lang, v.title, v.isco, v.country, v.place_code, s.codes, v.pay_min, v.pay_currency, v.pay_period,
        v.pay_min, v.accommodation, v.foreigners, v.contract, v.employer_name, v.source, false, v.published_on, v.published_on,
        v.published_on, now(), now(), l.document, l.title_words, l.other_trades, floor(random() * 65536), l.document_version
      from made m
      join vacancies.vacancy v on v.id = m.id
      join template t on t.no = m.template
      join vacancies.listing l on l.vacancy_id = t.id
      join spot s on s.code = v.place_code`)
    await run("set maintenance_work_mem = '1GB'")
    for (const { definition } of indexes) await run(definition)
    await run('vacuum analyze vacancies.listing')
    await run('analyze vacancies.vacancy')
  })
}
