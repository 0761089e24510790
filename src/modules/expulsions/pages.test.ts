import { afterAll, beforeAll, expect, test } from 'vitest'
import { importFile } from '#kernel/imports/import-file.ts'
import type { JobCtx } from '#kernel/jobs/job.ts'
import type { RoleName } from '#kernel/module.ts'
import { systemContext } from '#kernel/system.ts'
import { type TestApp, testApp } from '../../../test/app.ts'
import { NOW, silentLog } from '../../../test/database.ts'
import { bringNotices, type NoticeName } from '../../../test/notices.ts'
import { listImport } from './import.ts'
import { receiveProceedingJob } from './proceedings.ts'
import { remindJob } from './reminders.ts'

let site: TestApp
let known: Record<NoticeName, string>
let now = NOW
beforeAll(async () => {
  site = await testApp({ now: () => now })
  known = await bringNotices(site)
})
afterAll(() => site.drop())

const page = async (path: string, as: RoleName) => {
  const response = await site.ask(path, { as })
  const text = (await response.text()).replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')
  return { status: response.status, text }
}
const job = (): JobCtx => ({
  ...systemContext(site.platform, site.owner, silentLog, 'test'),
  now,
  run_id: null,
  signal: new AbortController().signal,
  report: async () => {},
})

test('the dashboard shows where the batch is, and who is late', async () => {
  const { text } = await page('/en/work/expulsions', 'notice_officer')
  expect(text).toContain(known.batch)
  expect(text).toContain('0 of 2 confirmed')
  expect(text).toContain('late by')
  expect((await page('/en/work/expulsions?show=mine', 'consul')).text).toContain('Nothing waits for you to confirm')
})

test('an office opens a batch, asks about a row, confirms one row and then all, without script', async () => {
  const path = `/en/work/expulsions/${known.batch}`
  const { text } = await page(path, 'notice_recipient')
  expect(text).toContain('Намунаев Далер Намунавич')
  expect(text).toContain('•••• 5678')
  expect(text).toContain('received')
  const rows = await site.owner
    .selectFrom('expulsions.delivery_row')
    .select(['measure_id', 'state'])
    .where('to_organisation', '=', (await site.actor('notice_recipient')).organisation_id)
    .orderBy('position')
    .execute()
  expect(rows.map(({ state }) => state)).toEqual(['received', 'received', 'received'])
  const asked = await site.ask(`${path}/questions`, {
    as: 'notice_recipient',
    form: { row: rows[1]!.measure_id, about: 'identity', words: '' },
  })
  expect([asked.status, asked.headers.get('location')]).toEqual([303, `${path}?done=asked`])
  const one = await site.ask(`${path}/acknowledgement`, {
    as: 'notice_recipient',
    form: { rows: [rows[0]!.measure_id] },
  })
  expect(one.headers.get('location')).toBe(`${path}?done=1`)
  const none = await site.ask(`${path}/acknowledgement`, { as: 'notice_recipient', form: {} })
  expect(none.headers.get('location')).toBe(`${path}?done=none`)
  const all = await site.ask(`${path}/acknowledgement`, { as: 'notice_recipient', form: { all: 'yes' } })
  expect(all.headers.get('location')).toBe(`${path}?done=2`)
  const { text: after } = await page(`${path}?done=2`, 'notice_recipient')
  expect(after).toContain('2 rows are confirmed.')
  expect(after).not.toContain('Confirm receipt')
  expect((await page('/en/work/expulsions', 'notice_officer')).text).toContain('1 of 2 confirmed')
})

test('the embassy answers; the answer stands at the row of everybody who had it', async () => {
  const path = `/en/work/expulsions/questions/${known.question}`
  expect((await page(path, 'consul')).text).toContain('Answer')
  const wrong = await site.ask(path, {
    as: 'consul',
    form: { answer: '', term: 'until', ends_day: '31', ends_month: '2', ends_year: '2030' },
  })
  expect(wrong.status).toBe(422)
  const { about } = await site.owner
    .selectFrom('expulsions.question')
    .select('about')
    .where('id', '=', known.question)
    .executeTakeFirstOrThrow()
  const form: Record<string, string> = {
    answer: 'Letter 7',
    ...(about === 'ground' ? { ground: 'Art. 26' } : { term: 'indefinite' }),
  }
  expect((await site.ask(path, { as: 'consul', form })).status).toBe(303)
  expect((await site.ask(path, { as: 'notice_recipient', form })).status).toBe(404)
  const { text } = await page('/en/work/expulsions?show=mine', 'notice_recipient')
  expect(text).toContain('Decision of')
})

test('"lifted" is decided by two; the first cannot be the second', async () => {
  const path = `/en/work/expulsions/measures/${known.measure}`
  expect((await site.ask(path, { as: 'notice_officer', form: { wanted: 'lifted' } })).status).toBe(422)
  expect((await site.ask(path, { as: 'notice_officer', form: { wanted: 'lifted', reason: 'Letter 8' } })).status).toBe(
    303,
  )
  expect((await page(path, 'notice_officer')).text).toContain('Another officer must decide.')
  const { id } = await site.owner.selectFrom('expulsions.correction').select('id').executeTakeFirstOrThrow()
  const decision = { correction: id, outcome: 'confirmed' }
  expect((await site.ask(`${path}/decision`, { as: 'notice_officer', form: decision })).status).toBe(409)
  expect((await site.ask(`${path}/decision`, { as: 'notice_recipient', form: decision })).status).toBe(403)
  expect((await page('/en/work', 'consul')).text).toContain(`Measure ${known.measure}: decide`)
  expect((await site.ask(`${path}/decision`, { as: 'consul', form: decision })).status).toBe(303)
  expect((await page(path, 'notice_recipient')).text).toContain('lifted')
})

test('a lift that was wrong is taken back by two; the page says that another office states the same, and what a list stated', async () => {
  const path = `/en/work/expulsions/measures/${known.measure}`
  const { decision_no } = await site.owner
    .selectFrom('expulsions.statement as s')
    .innerJoin('expulsions.measure as m', 'm.id', 's.measure_id')
    .select('s.decision_no')
    .where('m.reference', '=', known.measure)
    .executeTakeFirstOrThrow()
  const stated: Record<string, string> = {
    'Н-1': 'Намунаев Далер Намунавич;14.02.1990;A12345678;неразрешение въезда',
    'Н-2': 'Абдуҷабборхоҷазодаи-Нуруллохонӣ Моҳинисо;23.02.1988;A22345678;включение в РКЛ',
    'Н-3': 'Образцов Комрон;01.03.1995;A32345678;депортация',
  }
  const lifting = `№;ФИО;Д.р.;Паспорт;Мера;Номер решения;Снято\n1;${stated[decision_no!]};${decision_no};`
  for (const lifted of ['', '20.11.2026'])
    await importFile(
      site.ctx({ db: site.owner, actor: await site.actor('notice_officer') }),
      listImport,
      { name: `own ${lifted}.csv`, bytes: Buffer.from(`${lifting}${lifted}\n`) },
      { source: 'Letter 3' },
    )
  const { text } = await page(path, 'consul')
  expect(text).toContain('Another office states the same decision')
  expect(text).toContain('It was lifted, or said to be another')
  expect(text).not.toContain('It was written about somebody else.')
  expect((await site.ask(path, { as: 'notice_officer', form: { wanted: 'lifted', reason: 'Twice' } })).status).toBe(409)
  expect(
    (await site.ask(path, { as: 'notice_officer', form: { wanted: 'in_force', reason: 'Letter 9' } })).status,
  ).toBe(303)
  const open = (measure: string) =>
    site.owner
      .selectFrom('expulsions.correction as c')
      .innerJoin('expulsions.measure as m', 'm.id', 'c.measure_id')
      .select('c.id')
      .where('m.reference', '=', measure)
      .where('c.outcome', 'is', null)
      .executeTakeFirstOrThrow()
  const confirm = { correction: (await open(known.measure)).id, outcome: 'confirmed' }
  expect((await site.ask(`${path}/decision`, { as: 'consul', form: confirm })).headers.get('location')).toBe(
    `${path}?done=confirmed`,
  )
  expect((await page(path, 'notice_recipient')).text).toMatch(/Status in force/)

  const { reference } = await site.owner
    .selectFrom('expulsions.measure')
    .select('reference')
    .where('custodian', '=', (await site.actor('notice_officer')).organisation_id)
    .executeTakeFirstOrThrow()
  const own = await page(`/en/work/expulsions/measures/${reference}`, 'notice_officer')
  expect(own.text).toContain('stated in the list: lifted')
  expect(own.text).toContain('Another officer must decide.')
})

test('a missed term is reminded of once a day, and then told to those who watch over the exchange', async () => {
  const kinds = async () =>
    (
      await site.owner
        .selectFrom('expulsions.event')
        .select('kind')
        .where('kind', 'in', ['reminded', 'escalated'])
        .execute()
    ).map(({ kind }) => kind)
  const before = now
  try {
    await remindJob.run(job(), {})
    await remindJob.run(job(), {})
    expect(await kinds()).toEqual(['reminded'])
    now = before.add({ hours: 25 })
    await remindJob.run(job(), {})
    expect((await kinds()).filter((kind) => kind === 'escalated').length).toBeGreaterThan(0)
    expect((await kinds()).filter((kind) => kind === 'reminded').length).toBeGreaterThan(1)
  } finally {
    now = before
  }
})

test('a proceeding is entered by hand; its deadline counts from service, by the clock of the place', async () => {
  const form = {
    ...{ family: 'Намунаева', given: 'Нигора', birth_day: '3', birth_month: '4', birth_year: '1999', sex: 'female' },
    ...{ place: 'RU-MOW', served_on_day: '20', served_on_month: '11', served_on_year: '2026', appeal_days: '5' },
    status: 'ordered',
  }
  const wrong = await site.ask('/en/work/proceedings/new', {
    as: 'consul',
    form: { ...form, family: '', place: 'Atlantis' },
  })
  expect(wrong.status).toBe(422)
  const entered = await site.ask('/en/work/proceedings/new', { as: 'consul', form })
  expect(entered.status).toBe(303)
  const path = entered.headers.get('location')!.replace(/\?.*/, '')
  const row = await site.owner
    .selectFrom('expulsions.proceeding')
    .select(['id', 'appeal_until', 'stated_sealed', 'record_id'])
    .where('reference', '=', path.split('/').at(-1)!)
    .executeTakeFirstOrThrow()
  // The end of 25 November in Moscow.
  expect(String(row.appeal_until)).toBe('2026-11-25T20:59:00Z')
  expect(row.stated_sealed!.toString('utf8')).not.toContain('Намунаева')
  expect((await page(path, 'consul')).text).toContain('Намунаева Нигора')
  await receiveProceedingJob.run(job(), { id: row.id })
  await receiveProceedingJob.run(job(), { id: row.id })
  expect((await page(path, 'consul')).text).toContain('Намунаева Нигора')
  const kept = await site.owner
    .selectFrom('expulsions.proceeding')
    .select(['stated_sealed', 'record_id'])
    .where('id', '=', row.id)
    .executeTakeFirstOrThrow()
  expect([kept.stated_sealed, typeof kept.record_id]).toEqual([null, 'string'])
  expect((await page('/en/work', 'consul')).text).toContain('help is possible'.replace('help', 'Help'))
  expect((await page(path, 'notice_recipient')).status).toBe(403)
  // The Migration Service reads it, and leaves changing it to who entered it.
  expect((await page(path, 'notice_officer')).status).toBe(200)
  const change = { place: 'RU-MOW', status: 'appealed', lawyer: 'has' }
  expect((await site.ask(path, { as: 'notice_officer', form: change })).status).toBe(403)
  expect((await site.ask(path, { as: 'consul', form: change })).status).toBe(303)
  expect((await page(path, 'consul')).text).toContain('appeal lodged')
})

test('routes are set with their mandate, and ended, never changed', async () => {
  const [from, to] = [await site.actor('notice_officer'), await site.actor('adviser')]
  const form = {
    from: from.organisation_id,
    to: to.organisation_id,
    body: 'employment',
    mandate: 'Offers of work',
    act: 'Sample',
    hours: '48',
  }
  const path = '/en/work/expulsions/routes'
  expect((await site.ask(path, { as: 'platform_administrator', form: { ...form, hours: '0' } })).status).toBe(422)
  expect((await site.ask(path, { as: 'platform_administrator', form: { ...form, to: form.from } })).status).toBe(422)
  expect((await site.ask(path, { as: 'platform_administrator', form })).status).toBe(303)
  expect((await site.ask(path, { as: 'platform_administrator', form: { ...form, hours: '24' } })).status).toBe(303)
  const routes = await site.owner
    .selectFrom('expulsions.route')
    .select(['term_hours', 'ended_at'])
    .where('to_organisation', '=', to.organisation_id)
    .orderBy('id')
    .execute()
  expect(routes.map(({ term_hours, ended_at }) => [term_hours, ended_at === null])).toEqual([
    [48, false],
    [24, true],
  ])
})

test('a question about a term shows what the list says, as text', async () => {
  await importFile(
    site.ctx({ db: site.owner, actor: await site.actor('consul') }),
    listImport,
    {
      name: 'cell.csv',
      bytes: Buffer.from(
        '№;ФИО;Д.р.;Паспорт;Мера;Основание;Номер решения;Срок запрета\n1;Образцов Зафар;15.03.1990;A62345678;неразрешение въезда;ст. 26;Н-7;5 лет <b>с даты</b>\n',
      ),
    },
    { source: 'Letter 16' },
  )
  const { id } = await site.owner
    .selectFrom('expulsions.question as q')
    .innerJoin('expulsions.statement as s', 's.measure_id', 'q.measure_id')
    .select('q.id')
    .where('s.decision_no', '=', 'Н-7')
    .executeTakeFirstOrThrow()
  for (const as of ['consul', 'notice_officer'] as const) {
    const html = await (await site.ask(`/ru/work/expulsions/questions/${id}`, { as })).text()
    expect(html).toContain('В списке написано: «5 лет &lt;b&gt;с даты&lt;/b&gt;»')
  }
})

test('the page of a measure shows all that waits for officers, and what a decision settled', async () => {
  const row = (cells: string) =>
    `№;ФИО;Д.р.;Паспорт;Мера;Основание;Номер решения;Срок запрета;Статус\n1;Образцов Зиё;15.03.1990;A72345678;неразрешение въезда;ст. 26;Н-8;${cells}\n`
  for (const [source, cells] of [
    ['Letter 17', 'бессрочно;'],
    ['Letter 18', '01.11.2030;'],
    ['Letter 19', 'бессрочно;снято'],
  ] as const)
    await importFile(
      site.ctx({ db: site.owner, actor: await site.actor('consul') }),
      listImport,
      { name: `${source}.csv`, bytes: Buffer.from(row(cells)) },
      { source },
    )
  const { reference } = await site.owner
    .selectFrom('expulsions.measure as m')
    .innerJoin('expulsions.statement as s', 's.measure_id', 'm.id')
    .select('m.reference')
    .where('s.decision_no', '=', 'Н-8')
    .executeTakeFirstOrThrow()
  const path = `/en/work/expulsions/measures/${reference}`
  const html = await (await site.ask(path, { as: 'notice_officer' })).text()
  expect(html.match(/id="decide"/g)).toHaveLength(1)
  expect(html).toContain('Several wait: decide each.')
  expect(html.match(/Proposed: /g)).toHaveLength(2)
  // Beside them an officer can say that it is another's; that it is lifted they decide there.
  expect([html.includes('value="not_me"'), html.includes('value="lifted"')]).toEqual([true, false])
  const { id } = await site.owner
    .selectFrom('expulsions.correction as c')
    .innerJoin('expulsions.measure as m', 'm.id', 'c.measure_id')
    .select('c.id')
    .where('m.reference', '=', reference)
    .where('c.wanted', '=', 'lifted')
    .executeTakeFirstOrThrow()
  await site.ask(`${path}/decision`, { as: 'notice_officer', form: { correction: id, outcome: 'confirmed' } })
  const { text } = await page(path, 'notice_officer')
  expect(text).toContain('after another decision of two officers it would change nothing')
  expect(text).not.toContain('Several wait')
})
