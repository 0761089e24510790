import { afterAll, beforeAll, expect, test } from 'vitest'
import { importFile } from '#kernel/imports/import-file.ts'
import { type TestApp, testApp } from '../../../test/app.ts'
import { acting, makeCarrier, makeWatcher } from '../../../test/removals.ts'
import { draftClaims } from './claims.ts'
import { sheetImport } from './import.ts'
import { passengerOf } from './passengers.ts'
import { listRemovals, withdrawRemoval } from './removals.ts'

let site: TestApp
let carrier: string
beforeAll(async () => {
  site = await testApp()
  await makeWatcher(site)
  carrier = await makeCarrier(site, '', (await site.actor('carrier_desk')).organisation_id)
}, 400_000)
afterAll(() => site.drop())

const SHEET = `Дата;Рейс;Маршрут;Категория;Кол-во;ФИО;Паспорт;Дата рождения;Стоимость;Валюта
05.10.2026;ZZ 802;Москва – Душанбе;DEPO;4;;;;1 240,00;EUR
46300;ZZ 806;Санкт-Петербург – Душанбе;INAD;2;;;;€410;
05.10.2026;ZZ 802;Москва – Душанбе;INAD;;Намунаев Далер;A 12345678;14.02.1990;300;EUR
05.10.2026;ZZ 802;Москва – Душанбе;INAD;1;;;;300;EUR
05.10.2026;ZZ 802;Москва – Душанбе;INAD;1;;;;300;EUR
`
const CORRECTED = SHEET.replace('1 240,00', '1 300,00').replace(';4;', ';5;')
const bring = async (csv: string, as: 'carrier_desk' | 'notice_officer' = 'carrier_desk') =>
  importFile(
    site.ctx({ db: site.owner, actor: await site.actor(as) }),
    sheetImport,
    { name: 'sheet.csv', bytes: Buffer.from(csv) },
    { source: 'October' },
  )
const list = async () => acting(site, await site.actor('carrier_desk'), (ctx) => listRemovals(ctx, { year: 2026 }, 100))
const errorsOf = async () => {
  const { id } = await site.owner
    .selectFrom('imports.import')
    .select('id')
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()
  const rows = await site.owner
    .selectFrom('imports.row')
    .select(['number', 'notes'])
    .where('import_id', '=', id)
    .where('state', '=', 'error')
    .orderBy('number')
    .execute()
  return rows.map(({ notes }) =>
    Object.values(notes as Record<string, { key: string; kind: string }>)
      .filter(({ kind }) => kind === 'error')
      .map(({ key }) => key.split('.').at(-1)),
  )
}

test('a carrier’s sheet comes in, counted and by name; alike rows of a sheet are rows of their own', async () => {
  await bring(SHEET)
  const removals = await list()
  expect(
    removals.map(({ category, people, costs }) => [category, people, costs[0]?.amount, costs[0]?.currency]).sort(),
  ).toEqual(
    [
      ['deportee', 4, 124_000n, 'EUR'],
      ['inadmissible', 2, 41_000n, 'EUR'],
      ['inadmissible', 1, 30_000n, 'EUR'],
      ['inadmissible', 1, 30_000n, 'EUR'],
      ['inadmissible', 1, 30_000n, 'EUR'],
    ].sort(),
  )
  expect(removals.every((removal) => removal.carrier === carrier)).toBe(true)
  // Excel's day 46300.
  expect(removals.find(({ people }) => people === 2)).toMatchObject({ service: 'ZZ 806', origin: 'Санкт-Петербург' })
  expect(String((await list()).find(({ people }) => people === 2)!.left_on)).toBe('2026-10-05')
}, 120_000)

test('the same sheet again changes nothing; a corrected cost is the same departure with another cost', async () => {
  const count = async () => (await site.owner.selectFrom('removals.removal').select('id').execute()).length
  const before = await count()
  await bring(SHEET)
  expect(await count()).toBe(before)
  await bring(CORRECTED)
  expect(await count()).toBe(before)
  const corrected = (await list()).find(({ category }) => category === 'deportee')!
  expect([corrected.people, corrected.costs]).toEqual([5, [{ currency: 'EUR', amount: 130_000n }]])
  const named = await acting(site, await site.actor('carrier_desk'), async (ctx) => {
    const known = await Promise.all((await listRemovals(ctx, {}, 100)).map(({ id }) => passengerOf(ctx, id)))
    return known.filter((one) => one?.name)
  })
  expect(named).toEqual([
    {
      ...{ name: 'Намунаев Далер', birth: 19900214, document_hint: '•••• 5678', ground: null },
      record_id: expect.any(String),
    },
  ])
}, 120_000)

test('a departure that was withdrawn and came in again is not put back beside itself', async () => {
  const [first] = await list()
  const desk = await site.actor('carrier_desk')
  await acting(site, desk, (ctx) => withdrawRemoval(ctx, first!, true))
  await bring(CORRECTED)
  await expect(acting(site, desk, (ctx) => withdrawRemoval(ctx, first!, false))).rejects.toMatchObject({
    kind: 'conflict',
  })
}, 120_000)

test('a cost that is claimed is not changed by a sheet; the other rows come in', async () => {
  const desk = await site.actor('carrier_desk')
  await acting(site, desk, (ctx) => draftClaims(ctx, { carrier, year: 2026 }))
  await bring(SHEET.replace('1 240,00', '999').concat('06.10.2026;ZZ 802;Москва – Душанбе;DEPO;1;;;;200;EUR\n'))
  expect(await errorsOf()).toEqual([['claimed']])
  const deportees = (await list()).filter(({ category }) => category === 'deportee')
  expect(deportees.map(({ costs }) => costs[0]!.amount)).toEqual([20_000n, 130_000n])
}, 120_000)

test('of a column in thousands no cost is taken, and each row says so', async () => {
  for (const [at, heading] of ['Стоимость, тыс. руб.', 'Amount (EUR ’000)', 'Хароҷот, ҳазор сомонӣ'].entries()) {
    const done = await bring(
      `Дата;Рейс;Маршрут;Категория;Кол-во;${heading};Валюта\n07.10.2026;TH ${at};Москва – Душанбе;DEPO;1;45;RUB\n`,
    )
    const row = await site.owner
      .selectFrom('imports.row')
      .select('notes')
      .where('import_id', '=', done.id)
      .executeTakeFirstOrThrow()
    expect(row.notes).toMatchObject({
      cost: { key: 'removals.import.cost_unread', values: { cell: `45 (${heading})` } },
    })
    expect((await list()).find(({ service }) => service === `TH ${at}`)?.costs).toEqual([])
  }
}, 120_000)

test('a cost for each of several is not taken for all of them', async () => {
  const headings = [
    ...['Стоимость на 1 чел.', 'Amount per head', 'Хароҷот барои як нафар', 'Стоимость, руб./чел.', 'Стоимость билета'],
    ...[
      'Стоимость за билет',
      'Расходы с каждого',
      'Сумма (1 чел.)',
      'Amount (EUR/pax)',
      'Amount each',
      'Хароҷоти ҳар нафар',
    ],
  ]
  for (const [at, heading] of headings.entries()) {
    await bring(
      `Дата;Рейс;Маршрут;Категория;Кол-во;${heading};Валюта
07.10.2026;PP ${at};Москва – Душанбе;DEPO;5;410;EUR
07.10.2026;PQ ${at};Москва – Душанбе;DEPO;1;410;EUR
`,
    )
    const costs = (await list()).filter(({ service }) => [`PP ${at}`, `PQ ${at}`].includes(service!))
    expect(costs.map(({ service, costs }) => [service, costs.map(({ amount }) => amount)]).sort()).toEqual([
      [`PP ${at}`, []],
      [`PQ ${at}`, [41_000n]],
    ])
  }
  for (const [at, heading] of ['Стоимость билетов', 'Сумма на всех', 'Стоимость за 12 мест'].entries()) {
    await bring(
      `Дата;Рейс;Маршрут;Категория;Кол-во;${heading};Валюта\n07.10.2026;PW ${at};Москва – Душанбе;DEPO;5;410;EUR\n`,
    )
    const [whole] = (await list()).filter(({ service }) => service === `PW ${at}`)
    expect(whole!.costs.map(({ amount }) => amount)).toEqual([41_000n])
  }
}, 120_000)

test('bad rows say what is wrong and never stop the good ones', async () => {
  await bring(`Дата;Рейс;Маршрут;Категория;Кол-во;ФИО;Паспорт;Стоимость;Валюта;Авиакомпания
31.02.2026;B1;Москва – Душанбе;DEPO;1;;;1;EUR;
01.01.2030;B2;Москва – Душанбе;DEPO;1;;;1;EUR;
01.09.2026;B3;Москва;DEPO;1;;;1;EUR;
01.09.2026;B4;Москва – Душанбе;гость;1;;;1;EUR;
01.09.2026;B5;Москва – Душанбе;DEPO;0;;;1;EUR;
01.09.2026;B6;Москва – Душанбе;DEPO;3;Намунаев;;1;EUR;
01.09.2026;B7;Москва – Душанбе;DEPO;1;;A1234567;1;EUR;
01.09.2026;B8;Москва – Душанбе;DEPO;1;;;100 руб.;EUR;
01.09.2026;B9;Москва – Душанбе;DEPO;1;;;100;;
01.09.2026;B10;Москва – Душанбе;DEPO;1;;;100;EUR;Other Air
01.09.2026;OK1;Москва – Душанбе;DEPO;1;;;100;EUR;
`)
  expect(await errorsOf()).toEqual([
    ['no_such_day'],
    ['future'],
    ['no_route'],
    ['no_category'],
    ['no_count'],
    ['one_name'],
    ['no_name'],
    ['no_currency'],
    ['no_currency'],
    ['unknown_carrier'],
  ])
  const services = (await list()).map(({ service }) => service)
  expect(services).toContain('OK1')
  expect(services.filter((service) => /^B\d/.test(service ?? ''))).toEqual([])
}, 120_000)

test('officers name the carrier; without one a row is not guessed', async () => {
  await makeCarrier(site, 'Other Air')
  await bring(
    `date;flight;from;to;category;cost;currency;carrier
2026-09-01;O1;Kazan;Khujand;deportee;100;EUR;Other Air
2026-09-01;O2;Kazan;Khujand;deportee;100;EUR;
2026-09-01;O3;Kazan;Khujand;deportee;100;EUR;Nobody
`,
    'notice_officer',
  )
  expect(await errorsOf()).toEqual([['no_carrier'], ['unknown_carrier']])
  // Not the desk's carrier: the desk sees none of it.
  expect((await list()).map(({ service }) => service)).not.toContain('O1')
}, 120_000)

test('a cost that is not surely one sum is none, and its row says so; what was known of it stays; a nought says that there is none', async () => {
  const row = (cost: string) =>
    `Дата;Рейс;Маршрут;Категория;Кол-во;Стоимость\n07.10.2026;ZZ 900;Москва – Душанбе;DEPO;4;${cost}\n`
  const costsNow = async () => (await list()).find(({ service }) => service === 'ZZ 900')!.costs
  const found = await bring(row('4 x 310 EUR'))
  expect([found.created, found.errors, await costsNow()]).toEqual([1, 0, []])
  const { notes } = await site.owner
    .selectFrom('imports.row')
    .select('notes')
    .where('import_id', '=', found.id)
    .executeTakeFirstOrThrow()
  const note = { kind: 'repaired', key: 'removals.import.cost_unread' }
  expect(notes).toEqual({ cost: { ...note, values: { cell: '4 x 310 EUR' } } })
  await bring(row('45 тыс. руб.'))
  const read = [{ currency: 'RUB', amount: 4_500_000n }]
  expect(await costsNow()).toEqual(read)
  await bring(row('45 тыс. руб. + НДС'))
  expect(await costsNow()).toEqual(read)
  await bring(row('12,50 KRW'))
  expect(await costsNow()).toEqual(read)
  await bring(row('0 EUR'))
  expect(await costsNow()).toEqual([])
}, 120_000)

test('a row that is corrected while its cost is claimed is refused: nothing is claimed that was replaced', async () => {
  const sheet = (cost: number) => `Дата;Рейс;Маршрут;Категория;Кол-во;Стоимость;Валюта
09.10.2026;QQ 1;Москва – Душанбе;DEPO;4;${cost};EUR
`
  await bring(sheet(1240))
  const { id } = (await list()).find(({ service }) => service === 'QQ 1')!
  let corrected: Promise<unknown> | undefined
  await acting(site, await site.actor('notice_officer'), async (ctx) => {
    await draftClaims(ctx, { removal: id })
    corrected = bring(sheet(1300))
    await Promise.race([corrected, new Promise((resolve) => setTimeout(resolve, 500))])
  })
  await corrected
  expect((await list()).find(({ service }) => service === 'QQ 1')!.costs.map(({ amount }) => amount)).toEqual([
    124_000n,
  ])
})
