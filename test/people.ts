import { sql } from 'kysely'
import { withActor } from '#kernel/access/transaction.ts'
import type { StatedRecord } from '#kernel/people/facts.ts'
import { openSource, receiveRecords } from '#kernel/people/receive.ts'
import { searchPeople } from '#kernel/people/search.ts'
import type { TestApp } from './app.ts'

/** What of the registry stands behind names in addresses: a person who was looked for, one who was not, the search, a pair. */
export type RegistryName = 'found' | 'unasked' | 'lookup' | 'pair'

const LONG = 'Абдуҷабборхоҷазодаи-Нуруллохонӣ'
const blank: StatedRecord = { names: [], birth: null, sex: null, documents: [], adverse: false }
const ROWS: StatedRecord[] = [
  {
    ...blank,
    names: [{ family: 'Сафарзода', given: 'Бахтиёр', patronymic: 'Карим', since: '2017-03-01' }],
    birth: 19910412,
    sex: 'male',
    citizenship: 'TJ',
    home_district: 'ноҳияи Чашмасор',
    documents: [
      { kind: 'travel_passport', country: 'TJ', number: 'A50129038', issued_on: Temporal.PlainDate.from('2022-05-01') },
    ],
    contact: { phone: '+992000001234', only_theirs: true, reach: 'бегоҳ' },
    row_number: 3,
  },
  { ...blank, names: [{ family: LONG, given: 'Моҳинисо', patronymic: LONG }], birth: 19700000, sex: 'female' },
]
const LIKE: StatedRecord = {
  ...blank,
  names: [{ family: 'Сафаров', given: 'Бахтиёр', patronymic: 'Каримович' }],
  birth: 19910413,
  sex: 'male',
  // By rule, whatever the weights: the document of somebody whose birth date is another.
  documents: ['A50124471', 'A50129038'].map((number) => ({ kind: 'travel_passport', country: 'TJ', number })),
  home_district: 'р-н Чашмасор',
  adverse: true,
  row_number: 17,
}

/** Brings invented people into the registry of a test, in the custody of the registry officer's office. */
export async function bringPeople(site: TestApp): Promise<Record<RegistryName, string>> {
  const actor = await site.actor('registry_officer')
  const [first, second] = await site.owner.transaction().execute(async (db) => {
    const ctx = site.ctx({ db, actor: { kind: 'system', task: 'test' } })
    const custodian = actor.organisation_id
    const source = await openSource(ctx, { custodian, kind: 'file', label: 'П-2026-0411' })
    const receipts = await receiveRecords(ctx, source, ROWS)
    await receiveRecords(ctx, await openSource(ctx, { custodian, kind: 'file', label: 'П-2026-0412' }), [LIKE])
    return receipts
  })
  const { lookup_id: lookup } = await withActor(
    site.db,
    actor,
    (db) =>
      searchPeople(site.ctx({ actor, db }), { name: 'bakhtiyor safarov', purpose: 'notice', words: 'П-2026-0412' }),
    site.ctx().now,
  )
  const reference = async (id: string) =>
    (await site.owner.selectFrom('people.person').select('reference').where('id', '=', id).executeTakeFirstOrThrow())
      .reference
  // Of this office: others bring people in too.
  const { id: pair } = await site.owner
    .selectFrom('people.review')
    .select('id')
    .where(sql<boolean>`custodians <@ array[${actor.organisation_id}::uuid]`)
    .executeTakeFirstOrThrow()
  return { found: await reference(first!.person_id), unasked: await reference(second!.person_id), lookup, pair }
}
