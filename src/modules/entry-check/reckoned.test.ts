import { afterAll, beforeAll, expect, test } from 'vitest'
import { importFile } from '#kernel/imports/import-file.ts'
import { type TestApp, testApp } from '../../../test/app.ts'
import { askDesk, type Traveller, work } from './fixtures/desk.ts'

let site: TestApp
beforeAll(async () => {
  site = await testApp()
  const list = `№;ФИО;Д.р.;Паспорт;Мера;Номер решения;Дата решения;Дата исполнения;Срок запрета
1;Намунаев Далер;14.02.1990;A12345678;выдворение;В-1;05.02.2020;;5 лет
2;Мисолзода Нигора;23.02.1988;A22345678;выдворение;В-2;05.02.2025;20.06.2025;3 года 6 мес.
`
  await importFile(
    site.ctx({ db: site.owner, actor: await site.actor('consul') }),
    site.platform.parts.flatMap(({ imports = [] }) => imports).find(({ kind }) => kind === 'expulsions')!,
    { name: 'list.csv', bytes: Buffer.from(list) },
    { source: 'Letter 1' },
  )
})
afterAll(() => site.drop())

const answered = async (traveller: Traveller) => {
  const reference = await askDesk(site, traveller)
  await work(site)
  const response = await site.ask(`/en/work/entry-checks/${reference}`, { as: 'adviser' })
  return (await response.text()).replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')
}

test('years that count from a day nobody knows are never over, and the answer says why', async () => {
  const text = await answered({ document: 'A12345678', born: [1990, 2, 14], family: 'Намунаев', given: 'Далер' })
  expect(text).toContain('5 years from the day it was carried out. That day is not known.')
  expect(text).toContain('It ends on 5 February 2025 or later.')
})

test('an end that was counted is told as counted', async () => {
  const text = await answered({ document: 'A22345678', born: [1988, 2, 23], family: 'Мисолзода', given: 'Нигора' })
  expect(text).toContain('until 20 December 2028, counted: 3 years 6 months from the day it was carried out')
})
