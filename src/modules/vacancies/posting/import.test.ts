import { afterAll, beforeAll, expect, test } from 'vitest'
import { importFile } from '#kernel/imports/import-file.ts'
import { type TestApp, testApp } from '../../../../test/app.ts'
import { makeEmployer } from '../../employers/fixtures/office.ts'
import { follow } from './fixtures/offer.ts'
import { postingsImport } from './import.ts'

let site: TestApp
beforeAll(async () => {
  site = await testApp()
  await makeEmployer(site)
})
afterAll(() => site.drop())

const HEAD = 'номер;название;страна;регион;зарплата;период оплаты;обязанности;договор;телефон;берётся с работника'
const WELDER = '1;Кафшергар;TJ;Душанбе;4000-5000 сомонӣ;моҳ;Кафшери қубурҳо;доимӣ;+992 000 00-00-09;ничего'
const COOK = '2;Ошпаз;TJ;Хуҷанд;2500 сомонӣ;моҳ;Пухтани палов;доимӣ;+992 000 00-00-09;нет'

async function bring(...rows: string[]) {
  const ctx = site.ctx({ db: site.owner, actor: await site.actor('employer') })
  const bytes = Buffer.from([HEAD, ...rows].join('\n'))
  return importFile(ctx, postingsImport, { name: 'вакансии.csv', bytes })
}
const postings = () => site.owner.selectFrom('vacancies.posting').selectAll().orderBy('id').execute()

test('a sheet is many offers at once; the same again changes nothing, another wording renews its own row', async () => {
  expect(await bring(WELDER, COOK)).toMatchObject({ errors: 0, created: 2 })
  const made = await postings()
  expect(made.map(({ own_key, state }) => [own_key, state])).toEqual([
    ['1', 'out'],
    ['2', 'out'],
  ])
  for (const { reference } of made) await follow(site, reference)
  const found = await (await site.ask('/en/vacancies?q=welder')).text()
  expect(found).toContain('Кафшергар')
  expect(await bring(WELDER, COOK)).toMatchObject({ created: 0, updated: 0 })
  expect(await bring(WELDER, COOK.replace('2500', '2700'))).toMatchObject({ created: 0, updated: 1 })
  const [welder, cook] = await postings()
  expect(await postings()).toHaveLength(2)
  expect(cook!.content).toMatchObject({ pay_min: '2700' })
  expect(welder!.version).toBe(made[0]!.version)
})

test('an employer is not asked where its own sheet comes from; an officer is', async () => {
  const asked = async (as: 'employer' | 'vacancy_officer') =>
    (await (await site.ask('/en/work/imports', { as })).text()).includes('name="source"')
  expect([await asked('employer'), await asked('vacancy_officer')]).toEqual([false, true])
})

test('a row that takes money from the worker is an error at its column, and the others come in', async () => {
  const done = await bring(
    '3;Маляр;TJ;Душанбе;3000 сомонӣ;моҳ;Рангмолӣ;доимӣ;+992 000 00-00-09;залог',
    '4;Дӯзанда;TJ;Душанбе;3000 сомонӣ;моҳ;Дӯхтан. Гарав 500 сомонӣ лозим аст.;доимӣ;+992 000 00-00-09;нет',
    '5;Боғбон;TJ;Душанбе;3000 сомонӣ;моҳ;Нигоҳубини боғ;доимӣ;+992 000 00-00-09;нет',
  )
  expect(done).toMatchObject({ errors: 2, created: 1 })
  const rows = await site.owner
    .selectFrom('imports.row')
    .select('notes')
    .where('import_id', '=', done.id)
    .orderBy('number')
    .execute()
  const wrong = rows.map(({ notes }) =>
    Object.entries(notes as Record<string, { kind: string }>).flatMap(([name, { kind }]) =>
      kind === 'error' ? [name] : [],
    ),
  )
  expect(wrong).toEqual([['takes'], ['duties'], []])
})
