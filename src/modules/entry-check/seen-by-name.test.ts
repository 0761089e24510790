import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { registryOf } from '#kernel/people/fixtures/registry.ts'
import { mergePersons, takeBack } from '#kernel/people/identity.ts'
import { beginLookup, noteLook } from '#kernel/people/looks.ts'
import { type TestApp, testApp } from '../../../test/app.ts'
import { bringNotices } from '../../../test/notices.ts'
import { askDesk, proofOf, TITLES, TRAVELLERS, type Traveller, work } from './fixtures/desk.ts'

let site: TestApp
beforeAll(async () => {
  site = await testApp()
  await bringNotices(site)
  await work(site)
})
beforeEach(() => site.owner.deleteFrom('my_case.attempt').execute())
afterAll(() => site.drop())

type Proof = { reference: string; pin: string }
const opened = async (proof: Proof) => (await site.ask('/en/entry-check/answer', { form: proof })).text()
/** The lines of the log that an answer shows, the newest first. */
async function seenBy(proof: Proof): Promise<string[]> {
  const page = await opened(proof)
  const log = page.slice(page.indexOf('Who checked you?'), page.indexOf('</aside>'))
  return [...log.matchAll(/<li>([\s\S]*?)<\/li>/g)].map(([, line]) =>
    line!
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
  )
}
async function asked(traveller: Traveller, purpose: string): Promise<string> {
  const reference = await askDesk(site, traveller, { purpose })
  await work(site)
  return (await site.ask(`/en/work/entry-checks/${reference}`, { as: 'adviser' })).text()
}
const LIKE = 'Somebody whose name and birth date are like yours'
const NUMBER = 'Somebody with your document number'

test('a check that agrees by half stands in the log of everybody with whom it agrees, worded as what it was', async () => {
  expect(await asked({ ...TRAVELLERS.banned, document: 'Z7000001' }, 'complaint')).toContain(TITLES.identity)
  await asked({ ...TRAVELLERS.banned, document: 'Z7000002', family: 'Namunaev', given: 'Daler' }, 'correction')
  await asked({ ...TRAVELLERS.banned, born: [1971, 5, 15] }, 'help')
  await asked({ ...TRAVELLERS.banned, document: 'Z7000003', born: [1971, 11, 30] }, 'complaint')
  const seen = await seenBy(await proofOf(site, TRAVELLERS.banned))
  expect(seen.toSorted()).toEqual([
    expect.stringMatching(new RegExp(`^Office of adviser .* · A complaint.* ${LIKE}`)),
    expect.stringMatching(new RegExp(`^Office of adviser .* · Correcting a mistake.* ${LIKE}`)),
    expect.stringMatching(new RegExp(`^Office of adviser .* · Help for the person ${NUMBER}`)),
    expect.stringMatching(/^Office of adviser \d.* · The person asks$/),
  ])
  // In the registry's log, which is printed at desks, too.
  const looks = await sql<{ what: string; purpose: string }>`
    select k.what, l.purpose
    from people.look k
    join people.lookup l on l.id = k.lookup_id
    join people.finding f on f.person_id = k.person_id
    where f.birth = 19900214
    order by l.purpose`.execute(site.owner)
  expect(looks.rows).toEqual([
    { what: 'alike', purpose: 'complaint' },
    { what: 'alike', purpose: 'correction' },
    { what: 'alike', purpose: 'help' },
    { what: 'found', purpose: 'request' },
  ])
})

test('whoever is alike sees that check and nothing else of the other: neither their checks nor who looked at them', async () => {
  const registry = await registryOf(site)
  const [one, other] = [
    { document: 'A66000001', born: [1990, 4, 4], family: 'Ҳамномзода', given: 'Фирӯз' },
    { document: 'A66000002', born: [1990, 4, 4], family: 'Ҳамномов', given: 'Фируз' },
  ] as const
  await registry.receive(registry.national, {
    ...{ names: [{ family: one.family, given: one.given }], birth: 19900404, sex: 'male' },
    documents: [{ kind: 'passport', number: one.document }],
  })
  const proof = await proofOf(site, one)
  await asked(one, 'complaint')
  const mine = await proofOf(site, other)
  expect(await seenBy(mine)).toEqual([expect.stringMatching(/The person asks$/)])
  const seen = await seenBy(proof)
  expect(seen).toHaveLength(3)
  expect(seen.filter((line) => line.includes(LIKE))).toHaveLength(1)
  // What the other asks with their own PIN is nobody else's business: at no desk was anybody taken for them.
  await site.ask('/en/entry-check', { form: mine })
  await work(site)
  expect(await seenBy(mine)).toHaveLength(2)
  expect(await seenBy(proof)).toEqual(seen)
})

test('a protected service at a desk stands in it unnamed, as in the log of the registry', async () => {
  const { organisation_id } = await site.actor('adviser')
  const office = { organisation_id, national: false, unnamed: true }
  await site.owner.insertInto('people.office').values(office).execute()
  const seen = await seenBy(await proofOf(site, { ...TRAVELLERS.free, document: 'A66000003' }))
  await site.owner.deleteFrom('people.office').where('organisation_id', '=', organisation_id).execute()
  expect(seen).toEqual([expect.stringMatching(/^A service that the law does not let us name \d[^·]*$/)])
})

test('invented documents are no way around the limit: a name and birth date count together, however spelled', async () => {
  const names = [
    ['Санҷишзода', 'Фаридун'],
    ['Sanjishzoda', 'Faridun'],
    ['Санджишзаде', 'Фаридун'],
    ['Фаридун', 'Санҷишов'],
  ]
  const birth = { birth_day: '8', birth_month: '7', birth_year: '1992' }
  const ask = (at: number, form: Record<string, string> = {}) =>
    site.ask('/en/work/entry-checks/new', {
      as: 'adviser',
      form: {
        ...{ document: `A6700000${at}`, ...birth, family: names[at % 4]![0]!, given: names[at % 4]![1]! },
        ...{ purpose: 'request', face: 'yes', wish: 'yes', ...form },
      },
    })
  for (let at = 0; at < 8; at++) expect((await ask(at)).status).toBe(303)
  const refused = await ask(8)
  expect(refused.status).toBe(429)
  expect(await refused.text()).toContain('This name and birth date were asked about 8 times in 24 hours.')
  expect((await ask(8, { birth_day: '9' })).status).toBe(303)
  // The patronymic in the place of the given name, and words that stand in no passport.
  const around = { given: 'Намуна Умедович', patronymic: 'Фаридун' }
  expect((await ask(8, around)).status).toBe(429)
})

test('nor is a slip of a letter: one word of the name and how the other begins count with the birth date, too', async () => {
  const families = ['Самадов', 'Сафаров', 'Сардоров']
  const ask = (at: number) =>
    askDesk(site, {
      ...{ document: `A6710000${at}`, born: [1987, 8, 9], family: families[at % 3]!, given: 'Фаридун' },
    })
  for (let at = 0; at < 24; at++) await ask(at)
  const page = await site.ask('/en/work/entry-checks/new', {
    as: 'adviser',
    form: {
      ...{ document: 'A67100099', birth_day: '9', birth_month: '8', birth_year: '1987', family: 'Солиев' },
      ...{ given: 'Фаридун', purpose: 'request', face: 'yes', wish: 'yes' },
    },
  })
  expect(page.status).toBe(429)
  expect(await page.text()).toContain('Names like this one with this birth date were asked about 24 times in 24 hours.')
})

test('a look of the registry at several who are counted as one stands here once, and after they are parted in the log of each', async () => {
  const registry = await registryOf(site)
  const rows = ['A66000011', 'A66000012'].map((number, at) => ({
    names: [{ whole: at === 0 ? 'Ёров Шодмон' : 'Бобоева Тоҷигул' }],
    birth: 19870102 + at * 10_203,
    documents: [{ kind: 'passport' as const, number }],
  }))
  const [one, other] = await registry.receive(registry.national, ...rows)
  const mine = await proofOf(site, { document: 'A66000011', born: [1987, 1, 2], family: 'Ёров', given: 'Шодмон' })
  const event = await mergePersons(registry.system(), one!.person_id, other!.person_id, { reason: 'officer' })
  const officer = await registry.officer(registry.national)
  await registry.as(officer, async (ctx) =>
    noteLook(ctx, other!.person_id, { id: await beginLookup(ctx, 'help', null), purpose: 'help' }, 'opened'),
  )
  const looked = async () => (await seenBy(mine)).filter((line) => line.includes('Migration Service'))
  expect(await looked()).toHaveLength(1)
  await takeBack(registry.system(), event)
  expect(await looked()).toHaveLength(1)
})
