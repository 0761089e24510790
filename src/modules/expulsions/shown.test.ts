import { afterAll, beforeAll, expect, test } from 'vitest'
import { importFile } from '#kernel/imports/import-file.ts'
import type { RoleName } from '#kernel/module.ts'
import { type TestApp, testApp } from '../../../test/app.ts'
import { NOW } from '../../../test/database.ts'
import { bringNotices, type NoticeName } from '../../../test/notices.ts'
import { listImport } from './import.ts'
import { escalate } from './notices.ts'

let site: TestApp
let known: Record<NoticeName, string>
beforeAll(async () => {
  site = await testApp({ now: () => NOW })
  known = await bringNotices(site)
})
afterAll(() => site.drop())

const page = async (path: string, as: RoleName) => {
  const response = await site.ask(path, { as })
  const text = (await response.text()).replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')
  return { status: response.status, text }
}
const bring = async (as: RoleName, name: string, csv: string, source: string) => {
  const actor = await site.actor(as)
  const { errors } = await importFile(
    site.ctx({ db: site.owner, actor }),
    listImport,
    { name, bytes: Buffer.from(csv) },
    { source },
  )
  const { reference } = await site.owner
    .selectFrom('expulsions.batch')
    .select('reference')
    .where('file_name', '=', name)
    .executeTakeFirstOrThrow()
  return { errors, path: `/en/work/expulsions/${reference}` }
}

test('each row says which recipient has which state, and who is late; who entered it follows only those that get every row', async () => {
  const path = `/en/work/expulsions/${known.batch}`
  const { text: overseen } = await page(path, 'notice_officer')
  const organisation = async (role: RoleName) => (await site.actor(role)).organisation_name
  const [recipient, service] = [await organisation('notice_recipient'), await organisation('notice_officer')]
  // 30 hours on the way, of 48.
  expect(overseen).toContain(`sent ${recipient}`)
  const { text: own } = await page(path, 'consul')
  expect(own).toMatch(new RegExp(`received late by [^A-Z]*${service}`))
  expect(own).toContain(`sent ${recipient}`)
  expect((await page(path, 'notice_recipient')).text).not.toContain('Where it is')
  expect((await page(path, 'notice_officer')).text).toContain(`received ${recipient}`)
  // Only that it was sent, always alike: what a recipient did would tell where a row was held.
  expect((await page(path, 'consul')).text).toContain(`sent ${recipient}`)
})

test('an old batch shows what was stated then, and beside it what holds now; so does its table', async () => {
  const path = `/en/work/expulsions/measures/${known.measure}`
  await site.ask(path, { as: 'notice_officer', form: { wanted: 'lifted', reason: 'Letter 8' } })
  const { id } = await site.owner.selectFrom('expulsions.correction').select('id').executeTakeFirstOrThrow()
  expect(
    (await site.ask(`${path}/decision`, { as: 'consul', form: { correction: id, outcome: 'confirmed' } })).status,
  ).toBe(303)
  for (const role of ['consul', 'notice_recipient'] as const) {
    expect((await page(`/en/work/expulsions/${known.batch}`, role)).text).toContain('in force Now: lifted')
    const table = await site.ask(`/en/work/expulsions/rows.csv?batch=${known.batch}`, { as: role })
    const [headings, ...lines] = (await table.text()).split('\n')
    expect(headings).toContain('Status now')
    expect(lines.filter((line) => /in force,lifted/.test(line))).toHaveLength(1)
  }
})

test('refusals at the border are shown to who entered them and to the Migration Service, as events that go nowhere', async () => {
  const list = `№;ФИО;Д.р.;Мера;Дата исполнения;Пункт пропуска;Основание
1;Намунаев Фирдавс;03.03.1993;отказ в пропуске;10.11.2026;Домодедово;ст. 27
2;Намунаев Искандар;04.03.1993;отказ в пропуске;11.11.2026;Внуково;
`
  const { errors, path } = await bring('consul', 'refusals.csv', list, 'Letter 9')
  expect(errors).toBe(0)
  for (const role of ['consul', 'notice_officer'] as const) {
    const { text } = await page(path, role)
    expect(text).toContain('Намунаев Фирдавс')
    expect(text).toContain('Домодедово')
    expect(text).toContain('Refusals are events')
    expect(text).not.toContain('of 0 offices')
    const table = await (
      await site.ask(path.replace(/expulsions\/(.*)/, 'expulsions/rows.csv?batch=$1'), { as: role })
    ).text()
    expect(table).toContain('Намунаев Искандар')
  }
  expect((await page(path, 'notice_recipient')).status).toBe(404)
  expect((await page('/en/work/expulsions', 'notice_officer')).text).toContain('2 refusals at the border')
  const told = await site.owner
    .selectFrom('notifications.notification')
    .select(['organisation_id', 'message_key'])
    .where('message_key', '=', 'expulsions.notice.refusals')
    .execute()
  expect(told.map(({ organisation_id }) => organisation_id)).toEqual([
    (await site.actor('notice_officer')).organisation_id,
  ])
})

test('the page of a measure says where it was carried out, since when it stands so, and which letter states it', async () => {
  const list = `№;ФИО;Д.р.;Паспорт;Мера;Номер решения;Дата решения;Дата исполнения;Пункт пропуска;Статус;Дата статуса;Срок запрета
1;Намунаев Озар;05.03.1993;A82345678;выдворение;О-1;01.02.2026;20.02.2026;Внуково;исполнено;21.02.2026;3 года 6 мес.
`
  await bring('consul', 'carried.csv', list, 'Letter 10/3')
  const { reference } = await site.owner
    .selectFrom('expulsions.measure as m')
    .innerJoin('expulsions.statement as s', 's.measure_id', 'm.id')
    .select('m.reference')
    .where('s.decision_no', '=', 'О-1')
    .executeTakeFirstOrThrow()
  const { text } = await page(`/en/work/expulsions/measures/${reference}`, 'consul')
  for (const part of ['Внуково', '21 February 2026', 'Letter 10/3', '20 August 2029', '3 years 6 months'])
    expect(text).toContain(part)
})

test('who watches over the exchange reads which office is late in their own language', async () => {
  const recipient = (await site.actor('notice_recipient')).organisation_id
  const names = { tg: 'Вазорати намунавӣ', ru: 'Министерство-образец' }
  await site.owner
    .insertInto('organisations.organisation_name')
    .values(Object.entries(names).map(([lang, name]) => ({ organisation_id: recipient, lang, name })))
    .execute()
  const ctx = site.ctx({ db: site.owner, actor: { kind: 'system', task: 'test' } })
  await escalate(ctx, recipient, known.batch)
  const { organisation_name } = await site.actor('notice_recipient')
  for (const [lang, name] of Object.entries({ ...names, en: organisation_name })) {
    const response = await site.ask(`/${lang}/work/notifications`, { as: 'notice_officer' })
    expect(await response.text()).toContain(name)
  }
})

test('a list that is short by rows says so to everybody who is given it, and in numbers apart on the list of batches', async () => {
  const list = `№;ФИО;Д.р.;Мера;Дата исполнения;Основание
1;Намунаев Сафар;03.03.1994;депортация;10.11.2026;ст. 25
2;Намунаев Олим;04.03.1994;отказ в пропуске;11.11.2026;ст. 27
3;Намунаев Карим;05.03.1994;штраф без выдворения;11.11.2026;ст. 18
`
  const { errors, path } = await bring('consul', 'short.csv', list, 'Letter 12')
  expect(errors).toBe(1)
  const whole =
    '1 row of the list was not taken in. The list has 3 rows: 1 measure here, 1 refusal at the border and 1 row not taken in.'
  expect((await page(path, 'consul')).text).toContain(`${whole} Which, and why`)
  expect((await page(path, 'notice_officer')).text).toContain(`${whole} Only the sender knows`)
  const given = (await page(path, 'notice_recipient')).text
  expect(given).toContain('1 row of the list was not taken in. Only the sender knows')
  expect(given).not.toContain('The list has')
  expect((await page('/en/work/expulsions', 'notice_officer')).text).toContain(
    '1 1 refusal at the border 1 row not taken in',
  )
})
