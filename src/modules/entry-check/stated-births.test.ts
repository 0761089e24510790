import { afterAll, beforeAll, expect, test } from 'vitest'
import { importFile } from '#kernel/imports/import-file.ts'
import { mergePersons } from '#kernel/people/identity.ts'
import { openSource, receiveRecords } from '#kernel/people/receive.ts'
import { listImport } from '#modules/expulsions/import.ts'
import { type TestApp, testApp } from '../../../test/app.ts'
import { bringNotices } from '../../../test/notices.ts'
import { inputsOf } from './carrier/passenger.ts'
import { inputsOfRows } from './carrier/rows.ts'
import { examine } from './finding.ts'

let site: TestApp
beforeAll(async () => {
  site = await testApp()
  await bringNotices(site)
})
afterAll(() => site.drop())

const ctx = () => site.ctx({ db: site.owner, actor: { kind: 'system', task: 'test' } })

let lists = 0
async function bring(rows: readonly { name: string; birth: string }[]): Promise<void> {
  const lines = rows.map(({ name, birth }) => `${name};${birth};неразрешение въезда;С-${++lists};01.06.2031`)
  const list = ['ФИО;Дата рождения;Мера;Номер решения;Срок запрета', ...lines].join('\n')
  const { errors } = await importFile(
    site.ctx({ db: site.owner, actor: await site.actor('consul') }),
    listImport,
    { name: 'list.csv', bytes: Buffer.from(list) },
    { source: `letter ${lists}` },
  )
  expect(errors).toBe(0)
}

// Each with a new passport. Without a patronymic, as many newer ones are.
const WAYS: readonly [string, { stated: string; born: number; birth: number }][] = [
  ['states the year', { stated: '1991', born: 19910000, birth: 19910506 }],
  ['states 1 January', { stated: '01.01.1995', born: 19950101, birth: 19950807 }],
  ['has a day, where the passport says 1 January', { stated: '07.08.1993', born: 19930807, birth: 19930101 }],
  ['states no birth date', { stated: '', born: 0, birth: 19870304 }],
]

test.each(WAYS)('whoever has the name of a row that %s must have the identity checked', async (_, way) => {
  const [family, given] = [`Чорумов${'аеиоу'[lists % 5]}в`, 'Фаррух']
  await bring([{ name: `${family} ${given} Каримович`, birth: way.stated }])
  const kindOf = async (name: object, birth = way.birth) =>
    (await examine(ctx(), { document: 'B7654321', birth, name })).kind
  expect(await kindOf({ family, given })).toBe('identity')
  expect(await kindOf({ family, given, patronymic: 'Каримович' })).toBe('identity')
  // A carrier is told no more than a desk.
  const row = { names: [{ family, given, patronymic: 'Каримович' }], births: [way.born], documents: [] }
  const inputs = inputsOfRows([row])
  expect(inputsOf({ document: 'B7654321', family, given, birth: way.birth }).some((one) => inputs.has(one))).toBe(true)
  // Others: of another name, of another year, and where there is neither, of another father.
  expect(await kindOf({ family, given: 'Исломиддин' })).toBe('not_found')
  if (way.born > 0) expect(await kindOf({ family, given }, way.birth - 30_000)).toBe('not_found')
  else expect(await kindOf({ family, given, patronymic: 'Шарифович' })).toBe('not_found')
})

test('a row without birth date is found among many of that name who have one', async () => {
  const name = 'Раҳматшоев Далерҷон'
  await bring([
    ...Array.from({ length: 30 }, (_, at) => ({ name, birth: `0${1 + (at % 9)}.03.${1970 + at}` })),
    { name, birth: '' },
  ])
  const { kind, agreeing } = await examine(ctx(), {
    ...{ document: 'B7654322', birth: 20051111, name: { family: 'Раҳматшоев', given: 'Далерҷон' } },
  })
  expect({ kind, agreeing: agreeing.length }).toEqual({ kind: 'identity', agreeing: 1 })
})

// Of the commonest names there are hundreds, of whom a source knew no birth date, or only the year.
test.each([
  ['no birth date', null, ''],
  ['a year alone', 19870000, '1987'],
] as const)(
  'a row that states %s is found behind however many of that name who are on no list',
  async (_, birth, stated) => {
    const [family, given] = birth ? ['Назаров', 'Далер'] : ['Раҳимов', 'Саид']
    const { organisation_id: custodian } = await site.actor('consul')
    await site.owner.transaction().execute(async (db) => {
      const inside = { ...ctx(), db }
      const source = await openSource(inside, { custodian, kind: 'file', label: `Crowd ${family}` })
      const crowd = Array.from({ length: 210 }, (_, at) => ({
        ...{ names: [{ family, given }], sex: null, adverse: false, home_district: `Деҳаи ${at}` },
        ...{ birth: birth && birth + 101 + (at % 12) * 100 + (at % 28) },
        documents: [{ kind: 'passport' as const, number: `C${1_000_000 + at}` }],
      }))
      await receiveRecords(inside, source, crowd)
    })
    await bring([{ name: `${family} ${given}`, birth: stated }])
    const { kind } = await examine(ctx(), { document: 'B7654399', birth: 19870304, name: { family, given } })
    expect(kind).toBe('identity')
  },
)

// Somebody whom the registry knows by a passport or a consultation, and whom officers joined with a row of a list.
async function joinedWithBan(
  known: { name: { family: string; given: string; patronymic?: string }; birth: number | null; number: string },
  row: { name: string; birth: string; born: number },
): Promise<() => Promise<unknown>> {
  const { organisation_id: custodian } = await site.actor('consul')
  const person = await site.owner.transaction().execute(async (db) => {
    const inside = { ...ctx(), db }
    const source = await openSource(inside, { custodian, kind: 'form', label: 'Passport' })
    const [receipt] = await receiveRecords(inside, source, [
      {
        ...{ names: [known.name], birth: known.birth, sex: null, adverse: false },
        documents: [{ kind: 'passport', number: known.number }],
      },
    ])
    return receipt!.person_id
  })
  await bring([row])
  const listed = await site.owner
    .selectFrom('people.finding')
    .select('person_id')
    .where('birth', '=', row.born)
    .executeTakeFirstOrThrow()
  return () => mergePersons(ctx(), listed.person_id, person, { reason: 'officer' })
}

// The row states another year and her name before she married: with it alone she agrees in nothing.
test('whoever agrees by half with one who is counted as somebody banned must have the identity checked', async () => {
  const name = { family: 'Шоназарова', given: 'Мунаввара' }
  const join = await joinedWithBan(
    { name: { ...name, patronymic: 'Давлатовна' }, birth: 19900512, number: 'C7711223' },
    { name: 'Пулодова Мунавварахон', birth: '17.11.1988', born: 19881117 },
  )
  const asked = (document: string, birth = 19900512) => examine(ctx(), { document, birth, name })
  expect((await asked('C9988776')).kind).toBe('not_found')
  await join()
  expect((await asked('C7711223')).kind).toBe('identity')
  // With a new passport; and with the number of the former one, and another birth date than the registry knows.
  expect((await asked('C9988776')).kind).toBe('identity')
  expect((await asked('C7711223', 19900513)).kind).toBe('identity')
})

test('but not by the name alone, where what the banned one was born as is known from another record', async () => {
  const name = { family: 'Шокиров', given: 'Абдулло' }
  const join = await joinedWithBan(
    { name, birth: null, number: 'C7711229' },
    { name: 'Шокиров Абдулло', birth: '21.02.1961', born: 19610221 },
  )
  await join()
  expect((await examine(ctx(), { document: 'C9988779', birth: 19930807, name })).kind).toBe('not_found')
})

// Of the commonest names many are born in one year.
test.each([
  ['the year', 19850000, { family: 'Сафолов', given: 'Умед' }, 19850323, '23.03.1985', 'C7711231'],
  ['1 January', 19860101, { family: 'Қаюмов', given: 'Ҷамшед' }, 19860221, '21.02.1986', 'C7711232'],
])(
  'nor by the name and %s alone, where another record states the day',
  async (_, birth, name, born, stated, number) => {
    const join = await joinedWithBan(
      { name, birth, number },
      { name: `${name.family} ${name.given}`, birth: stated, born },
    )
    await join()
    const asked = async (birth: number) => (await examine(ctx(), { document: 'C9988780', birth, name })).kind
    expect(await asked(birth + 608)).toBe('not_found')
    expect(await asked(born)).toBe('identity')
    // Of whoever was born by their papers on 1 January no day is known either.
    expect(await asked(Math.floor(birth / 10_000) * 10_000 + 101)).toBe('identity')
  },
)

test('but by the name and the year, where the ban states another year: which of the two is theirs nobody knows', async () => {
  const name = { family: 'Ҳошимова', given: 'Саодат' }
  const join = await joinedWithBan(
    { name, birth: 19850000, number: 'C7711233' },
    { name: 'Собирова Саодатхон', birth: '17.10.1988', born: 19881017 },
  )
  const asked = async () => (await examine(ctx(), { document: 'C9988781', birth: 19850709, name })).kind
  expect(await asked()).toBe('not_found')
  await join()
  expect(await asked()).toBe('identity')
})

// Three records of her: the year, the day that her new passport has too, and a day that some clerk mistook.
test.each([
  ['the very day asked about', 1, 'Ҳомидова', 'Собирова', '09.07.1986', 19860709],
  ['it with day and month exchanged', 2, 'Абдурасулова', 'Сангинова', '07.09.1986', 19860907],
])('but by them, where the ban under another surname states %s', async (_, at, family, before, stated, born) => {
  const name = { family, given: 'Саодат' }
  const join = await joinedWithBan(
    { name, birth: 19860000, number: `C771124${at}` },
    { name: `${before} Саодатхон`, birth: stated, born },
  )
  const asked = async () => (await examine(ctx(), { document: 'C9988782', birth: 19860709, name })).kind
  expect(await asked()).toBe('not_found')
  await join()
  expect(await asked()).toBe('identity')
  const { person_id } = await site.owner
    .selectFrom('people.finding')
    .select('person_id')
    .where('birth', '=', born)
    .executeTakeFirstOrThrow()
  const { organisation_id: custodian } = await site.actor('consul')
  const mistaken = await site.owner.transaction().execute(async (db) => {
    const inside = { ...ctx(), db }
    const source = await openSource(inside, { custodian, kind: 'form', label: 'Clinic' })
    const [receipt] = await receiveRecords(inside, source, [
      { names: [{ family, given: 'Саодатмо' }], birth: 19860303, sex: null, adverse: false, documents: [] },
    ])
    return receipt!
  })
  await mergePersons(ctx(), mistaken.person_id, person_id, { reason: 'officer' })
  expect(await asked()).toBe('identity')
})
