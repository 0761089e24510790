import { afterAll, beforeAll, expect, test } from 'vitest'
import { importFile } from '#kernel/imports/import-file.ts'
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
