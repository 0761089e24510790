import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import type { JobCtx } from '../jobs/job.ts'
import { type Registry, registryOf } from './fixtures/registry.ts'
import { learnFrequencies } from './frequencies.ts'
import { KEYS_VERSION } from './matching/keys.ts'
import { reindexPeopleJob, startReindexing } from './reindexing.ts'
import { frequencies, weightsVersion } from './scoring.ts'
import { searchPeople } from './search.ts'

let database: TestDatabase
let registry: Registry
const people: string[] = []
beforeAll(async () => {
  database = await testDatabase()
  registry = await registryOf(database)
  for (const [family, given] of [
    ['Шарипов', 'Далер'],
    ['Ҳакимова', 'Зарина'],
    ['Бобоев', 'Умед'],
  ])
    people.push(
      (await registry.receive(registry.national, { names: [{ family, given }], birth: 19880517 }))[0]!.person_id,
    )
})
afterAll(() => database.drop())

const waiting = () =>
  sql<{ n: number }>`select count(*)::int as n from jobs.run where task = 'people.reindex' and finished_at is null`
    .execute(database.owner)
    .then(({ rows }) => rows[0]!.n)

const runReindexing = async (): Promise<{ done?: number; total?: number }[]> => {
  const reports: { done?: number; total?: number }[] = []
  const report: JobCtx['report'] = async (progress) => void reports.push(progress)
  await reindexPeopleJob.run({ ...registry.system(), run_id: null, signal: new AbortController().signal, report }, {})
  return reports
}

test('records keyed by former rules are keyed anew, and found again; what is up to date starts nothing', async () => {
  await startReindexing(database.owner)
  expect(await waiting()).toBe(0)
  const before = await keysOfAll()
  await sql`update people.finding set keys = '{1}', keys_version = ${KEYS_VERSION - 1} where person_id <> ${people[2]}`.execute(
    database.owner,
  )
  const officer = await registry.officer(registry.national)
  const search = () =>
    registry.as(officer, (ctx) => searchPeople(ctx, { name: 'Sharipov Daler', purpose: 'request', words: null }))
  expect((await search()).found).toEqual([])
  await startReindexing(database.owner)
  await startReindexing(database.owner)
  expect(await waiting()).toBe(1)
  expect(await runReindexing()).toEqual([{ done: 2, total: 2 }])
  expect(await keysOfAll()).toEqual(before)
  expect((await search()).found.map(({ person_id }) => person_id)).toEqual([people[0]])
  expect(await runReindexing()).toEqual([{ done: 0, total: 0 }])
})

const keysOfAll = async () =>
  (
    await database.owner
      .selectFrom('people.finding')
      .select(['record_id', 'keys', 'keys_version'])
      .orderBy('record_id')
      .execute()
  ).map(({ record_id, keys, keys_version }) => [record_id, keys.map(String).sort(), keys_version])

test('how common names are is learnt from a large registry only, and what is rare says more', async () => {
  await learnFrequencies(registry.system())
  expect((await frequencies(registry.system())).version).toBe('none')
  // Nine in ten bear one surname. What the projection holds is all that is learnt from.
  await sql`
    with people as (
      select gen_random_uuid() as id, n from generate_series(1, 1200) n
    ), persons as (
      insert into people.person (id, reference, root, created_at)
      select id, 'AAAA-AAAA-' || translate(lpad(n::text, 4, '0'), '01', 'AB'), id, ${registry.system().now} from people
    ), records as (
      insert into people.record (id, source_id, custodian, row_hash, adverse, names, birth, received_at)
      select id, (select id from people.source limit 1), ${registry.national}, sha256(n::text::bytea), false,
        jsonb_build_array(jsonb_build_object('family', case when n % 10 > 0 then 'Каримов' else 'Гулбадан' end, 'given', 'Т' || n)),
        19000101 + n, ${registry.system().now}
      from people
    )
    insert into people.finding (record_id, person_id, custodian, adverse, names, birth, documents, keys, keys_version)
    select id, id, ${registry.national}, false,
      jsonb_build_array(jsonb_build_object('family', case when n % 10 > 0 then 'Каримов' else 'Гулбадан' end, 'given', 'Т' || n)),
      case when n % 2 = 0 then 19900101 else 19000101 + n end, '{}', '{}', ${KEYS_VERSION}
    from people`.execute(database.owner)
  await learnFrequencies(registry.system())
  const known = await frequencies(registry.system())
  // Of another registry, in the same process, it says nothing.
  const other = await testDatabase()
  expect((await frequencies(other.ctx({ db: other.owner }))).version).toBe('none')
  await other.drop()
  expect(known.persons).toBe(1203)
  expect(known.share.get('0 karimov')).toBeCloseTo(1080 / 1203, 3)
  expect(known.share.get('0 gulbadan')).toBeCloseTo(120 / 1203, 3)
  expect(known.share.get('1 19900101')).toBeCloseTo(600 / 1203, 3)
  // Seen once or twice: the sample says nothing of it.
  expect(known.share.has('0 daler')).toBe(false)
  const { scoreAgainst } = await import('./scoring.ts')
  const record = (family: string) => ({
    ...{ record_id: family, names: [{ family }], birth: null, sex: null, citizenship: null, home_district: null },
    documents: [],
  })
  const bits = (family: string) => scoreAgainst(record(family), [record(family)], known)[0]!.bits
  expect(bits('Гулбадан')).toBeGreaterThan(bits('Каримов') + 2)
  const version = weightsVersion(known)
  await learnFrequencies(registry.system())
  expect(weightsVersion(await frequencies(registry.system()))).not.toBe(version)
})

test('numbers that were indexed by a former spelling are indexed anew, and nothing else of them ever changes', async () => {
  const document = { kind: 'passport', number: 'AO123456' } as const
  const names = [{ family: 'Назаров', given: 'Икром' }]
  const [, [stated]] = [
    await registry.receive(registry.national, {
      names,
      birth: 19910203,
      documents: [{ ...document, number: 'A123456' }],
    }),
    await registry.receive(registry.national, { names, birth: 19870605, documents: [document] }),
  ]
  const { person_id } = stated!
  const index = (number: string) =>
    sql<{
      hex: string
    }>`select encode(d.number_index, 'hex') as hex from people.document d join people.finding f using (record_id)
      where f.person_id = ${number === 'A123456' ? sql`any (select person_id from people.finding where birth = 19910203)` : person_id}`
      .execute(database.owner)
      .then(({ rows }) => rows[0]!.hex)
  const [former, today] = [await index('A123456'), await index('AO123456')]
  expect(former).not.toBe(today)
  await sql`update people.finding set documents = array[${former}], keys = '{1}', keys_version = ${KEYS_VERSION - 1} where person_id = ${person_id}`.execute(
    database.owner,
  )
  await sql`update people.document d set number_index = decode(${former}, 'hex') from people.finding f where f.record_id = d.record_id and f.person_id = ${person_id}`.execute(
    database.owner,
  )
  await runReindexing()
  expect(await index('AO123456')).toBe(today)
  const officer = await registry.officer(registry.national)
  const { found } = await registry.as(officer, (ctx) =>
    searchPeople(ctx, { document: 'АО 123456', purpose: 'request', words: null }),
  )
  expect(found.map((one) => one.person_id)).toEqual([person_id])
  for (const change of ["kind = 'other'", `number_index = decode('${former}', 'hex')`])
    await expect(sql`update people.document set ${sql.raw(change)}`.execute(database.owner)).rejects.toThrow(
      'never changed',
    )
})

test("two numbers of one record that were one by a former spelling are both found by today's", async () => {
  const numbers = ['A765432', 'AO765432', 'AQ765432']
  const [stated] = await registry.receive(registry.national, {
    names: [{ family: 'Тағоев', given: 'Сино' }],
    birth: 19811104,
    documents: numbers.map((number) => ({ kind: 'passport', number })),
  })
  const { record_id } = stated!
  const today = async () => {
    const { rows } = await sql<{ documents: string[]; kept: string[] }>`
      select f.documents, array(
        select encode(d.number_index, 'hex') from people.document d where d.record_id = f.record_id order by d.id
      ) as kept
      from people.finding f
      where f.record_id = ${record_id}`.execute(database.owner)
    return { documents: rows[0]!.documents.toSorted(), kept: rows[0]!.kept.toSorted() }
  }
  const before = await today()
  expect(new Set(before.documents).size).toBe(3)
  const former = before.documents[0]!
  await sql`update people.finding set documents = array[${former}, ${former}, ${former}], keys_version = ${KEYS_VERSION - 1} where record_id = ${record_id}`.execute(
    database.owner,
  )
  await sql`update people.document set number_index = decode(${former}, 'hex') where record_id = ${record_id} and encode(number_index, 'hex') <> ${former}`.execute(
    database.owner,
  )
  await runReindexing()
  expect(await today()).toEqual(before)
})
