import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { importFile } from '#kernel/imports/import-file.ts'
import { type TestApp, testApp } from '../../../test/app.ts'
import { NOW } from '../../../test/database.ts'
import { liftMeasure } from '../../../test/lift.ts'
import { bringNotices } from '../../../test/notices.ts'
import { listImport } from '../expulsions/import.ts'
import { askDesk, perform, proofOf, TITLES, TRAVELLERS, type Traveller, work } from './fixtures/desk.ts'

let site: TestApp
beforeAll(async () => {
  site = await testApp()
  await bringNotices(site)
  await work(site)
})
// One document is asked about again and again here: limits have tests of their own.
beforeEach(() => site.owner.deleteFrom('my_case.attempt').execute())
afterAll(() => site.drop())

async function answered(traveller: Traveller, change?: Record<string, string>): Promise<string> {
  const reference = await askDesk(site, traveller, change)
  await work(site)
  return (await site.ask(`/en/work/entry-checks/${reference}`, { as: 'adviser' })).text()
}

test.each([
  ['banned', TRAVELLERS.banned, TITLES.listed],
  [
    'the same in Latin letters and another spelling of the number',
    { ...TRAVELLERS.banned, document: 'а 12345678', family: 'Namunaev', given: 'Daler' },
    TITLES.listed,
  ],
  ['deported', TRAVELLERS.deported, TITLES.listed],
  ['controlled', TRAVELLERS.controlled, TITLES.controlled],
  ['on no list', TRAVELLERS.free, TITLES.not_found],
  ['a new passport', { ...TRAVELLERS.banned, document: 'A99990001' }, TITLES.identity],
  [
    'another birth date with the same document',
    { ...TRAVELLERS.banned, born: [1990, 2, 15] as const },
    TITLES.identity,
  ],
  [
    'another name with the same document and birth date',
    { ...TRAVELLERS.banned, family: 'Қурбонов', given: 'Зафар' },
    TITLES.identity,
  ],
  [
    'a namesake born on another day',
    { ...TRAVELLERS.banned, document: 'A99990002', born: [1971, 11, 30] as const },
    TITLES.not_found,
  ],
] as const)('%s', async (_, traveller, title) => {
  const page = await answered(traveller)
  for (const other of Object.values(TITLES)) expect(page.includes(other), other).toBe(other === title)
})

test('a new surname with the given name and patronymic of a listed person is a question', async () => {
  const renamed = { ...TRAVELLERS.banned, document: 'A99990003', family: 'Қурбонзода' }
  expect(await answered(renamed, { patronymic: 'Намунавич' })).toContain(TITLES.identity)
})

test('the answer names measure, issuer and dates; unknown is said; nothing is ever permitted', async () => {
  const page = await answered(TRAVELLERS.banned)
  expect(page).toMatch(/Entry ban[\s\S]*Н-1[\s\S]*1\sJune\s2029/)
  expect(page).toContain('Not stated')
  const free = await answered(TRAVELLERS.free)
  expect(free).toMatch(/<article class="answer unknown"[\s\S]*?<b>This is not permission to enter\.<\/b>/)
  expect(free).toMatch(/Version \d+, of 20\sNovember\s2026/)
  for (const text of [page, free]) expect(text).not.toMatch(/you may enter|allowed to enter|answer ok/i)
})

test('the register of controlled persons: an answer points at a date only where one stands, on screen and card', async () => {
  const POINTS = /the date above|by the date|до срока|срок выше|то мӯҳлат|Мӯҳлати болоро/
  const texts = async (traveller: Traveller) => {
    const reference = await askDesk(site, traveller)
    await work(site)
    const screens = ['en', 'ru', 'tg'].map((lang) => `/${lang}/work/entry-checks/${reference}`)
    const pages = [...screens, `${screens[0]}/card`].map((path) => site.ask(path, { as: 'adviser' }))
    return Promise.all(pages.map(async (page) => (await page).text()))
  }
  const open = await texts(TRAVELLERS.controlled)
  for (const page of open) expect(page).not.toMatch(POINTS)
  for (const [at, words] of ['Do not wait.', 'Не ждите.', 'Мунтазир нашавед.'].entries())
    expect(open[at]).toContain(words)
  expect(open.at(-1)).toMatch(/Мунтазир нашавед\.[\s\S]*Не ждите\./)

  const csv =
    '№;ФИО;Д.р.;Паспорт;Мера;Номер решения;Срок запрета\n1;Муҳлатзода Сино;04.05.1991;A22345699;включение в РКЛ;Н-9;01.06.2027\n'
  const ctx = site.ctx({ db: site.owner, actor: await site.actor('consul') })
  await importFile(ctx, listImport, { name: 'dated.csv', bytes: Buffer.from(csv) }, { source: 'Letter 3' })
  await work(site)
  const dated = { document: 'A22345699', born: [1991, 5, 4], family: 'Муҳлатзода', given: 'Сино' } as const
  for (const page of await texts(dated)) {
    expect(page).toMatch(POINTS)
    expect(page).not.toMatch(/Do not wait|Не ждите|Мунтазир нашавед/)
  }
})

test('without the tick for face and wish, nothing is asked', async () => {
  for (const name of ['face', 'wish'])
    await expect(askDesk(site, TRAVELLERS.banned, { [name]: '' })).rejects.toThrow('422')
  await expect(askDesk(site, TRAVELLERS.banned, { birth_year: '' })).rejects.toThrow('422')
  await expect(askDesk(site, TRAVELLERS.banned, { purpose: 'notice' })).rejects.toThrow('422')
})

test('the check stands in the log of the person, with organisation and purpose, and in the next answer', async () => {
  const officer = await site.actor('adviser')
  await answered(TRAVELLERS.deported, { purpose: 'help' })
  const looks = await site.owner
    .selectFrom('people.look as k')
    .innerJoin('people.lookup as l', 'l.id', 'k.lookup_id')
    .innerJoin('people.finding as f', 'f.person_id', 'k.person_id')
    .select(['l.organisation_id', 'l.purpose', 'k.what'])
    .where('f.birth', '=', 19950301)
    .where('l.purpose', '=', 'help')
    .execute()
  expect(looks).toEqual([{ organisation_id: officer.organisation_id, purpose: 'help', what: 'found' }])
  expect(await answered(TRAVELLERS.deported)).toMatch(
    /Who checked you\?[\s\S]*Office of adviser[\s\S]*Help for the person/,
  )
})

test('the card says the same in Tajik and Russian and names nobody', async () => {
  const reference = await askDesk(site, TRAVELLERS.banned)
  await work(site)
  const card = await (await site.ask(`/en/work/entry-checks/${reference}/card`, { as: 'adviser' })).text()
  expect(card).toContain('Дар рӯйхат сабти шумо ҳаст')
  expect(card).toContain('О вас есть запись')
  const main = card.slice(card.indexOf('<main'))
  for (const secret of ['Намунаев', 'Далер', 'A12345678', '12345678', '1990']) expect(main).not.toContain(secret)
})

test('a check is seen by whoever sat at the desk, on that day; others find nothing', async () => {
  const reference = await askDesk(site, TRAVELLERS.banned)
  await work(site)
  const path = `/en/work/entry-checks/${reference}`
  for (const as of ['consul', 'registry_officer', 'notice_officer', 'auditor'] as const)
    for (const below of ['', '/card']) expect((await site.ask(path + below, { as })).status).toBe(403)
  await site.owner
    .updateTable('entry_check.holder')
    .set({ created_at: NOW.subtract({ hours: 13 }) })
    .where('reference', '=', reference)
    .execute()
  expect((await site.ask(path, { as: 'adviser' })).status).toBe(404)
  expect((await site.ask(`${path}/card`, { as: 'adviser' })).status).toBe(404)
})

test('a desk reads neither registry nor notices, and a visitor no table of the check', async () => {
  const { db } = site
  for (const table of ['holder', 'inquiry'] as const)
    expect(await db.selectFrom(`entry_check.${table}`).selectAll().execute()).toEqual([])
  for (const table of ['my_case.attempt', 'my_case.holder', 'entry_check.slip'] as const)
    await expect(db.selectFrom(table).selectAll().execute()).rejects.toThrow('permission denied')
  await expect(db.selectFrom('entry_check.key').select('private_sealed').execute()).rejects.toThrow('permission denied')
  for (const path of ['/en/work/people', '/en/work/expulsions', '/en/work/proceedings'])
    expect((await site.ask(path, { as: 'adviser' })).status).toBe(403)
})

test('nothing at rest tells who asked or what was answered', async () => {
  await proofOf(site, TRAVELLERS.banned)
  const holders = await site.owner.selectFrom('entry_check.holder').selectAll().execute()
  const inquiries = await site.owner.selectFrom('entry_check.inquiry').selectAll().execute()
  const text = JSON.stringify([holders, inquiries], (_, value) =>
    value?.type === 'Buffer'
      ? Buffer.from(value.data).toString('latin1')
      : typeof value === 'bigint'
        ? String(value)
        : value,
  )
  for (const secret of ['A12345678', 'Намунаев', 'listed', 'not_found', 'argon2']) expect(text).not.toContain(secret)
  expect(new Set(inquiries.flatMap(({ answer_sealed }) => answer_sealed?.length ?? [])).size).toBe(1)
  expect(new Set(holders.flatMap(({ facts_sealed }) => facts_sealed?.length ?? [])).size).toBe(1)
})

test('a measure that ends is no longer shown: open answers follow the list', async () => {
  const reference = await askDesk(site, TRAVELLERS.deported)
  await work(site)
  const page = async () => (await site.ask(`/en/work/entry-checks/${reference}`, { as: 'adviser' })).text()
  expect(await page()).toContain(TITLES.listed)
  await liftMeasure(site, TRAVELLERS.deported.document)
  await perform(site, 'entry_check.refresh')
  expect(await page()).toContain(TITLES.not_found)
})
