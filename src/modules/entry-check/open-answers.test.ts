import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { newId } from '#kernel/ids.ts'
import { importFile, takeUnattended } from '#kernel/imports/import-file.ts'
import { registryOf } from '#kernel/people/fixtures/registry.ts'
import { mergePersons, takeBack } from '#kernel/people/identity.ts'
import { type TestApp, testApp } from '../../../test/app.ts'
import { NOW } from '../../../test/database.ts'
import { bringNotices } from '../../../test/notices.ts'
import { listImport } from '../expulsions/import.ts'
import { documentInput } from './carrier/passenger.ts'
import { pseudonym } from './facts.ts'
import { askDesk, perform, proofOf, TITLES, type Traveller, work } from './fixtures/desk.ts'

let site: TestApp
beforeAll(async () => {
  site = await testApp()
  await bringNotices(site)
  await work(site)
})
beforeEach(() => site.owner.deleteFrom('my_case.attempt').execute())
afterAll(() => site.drop())

const HEAD = '№;ФИО;Д.р.;Паспорт;Мера;Номер решения;Срок запрета'
const listOf = (rows: readonly string[]) => Buffer.from(`${HEAD}\n${rows.join('\n')}\n`)
const consul = async () => site.ctx({ db: site.owner, actor: await site.actor('consul') })
const JOB = { run_id: null, signal: new AbortController().signal, report: async () => {} }

const titlesOf = (page: string) =>
  Object.entries(TITLES).flatMap(([name, title]) => (page.includes(title) ? [name] : []))
async function opened(proof: Record<string, string>): Promise<string[]> {
  return titlesOf(await (await site.ask('/en/entry-check/answer', { form: proof })).text())
}
const refresh = (after: Temporal.DurationLike) => perform(site, 'entry_check.refresh', {}, NOW.add(after))

test('whoever is in the register, and may be meant by a ban on another passport, is sent to an office', async () => {
  await importFile(await consul(), listImport, {
    name: 'register.csv',
    bytes: listOf([
      '1;Душанбиев Карим Саидович;05.06.1986;A70000001;включение в РКЛ;А-1;01.06.2029',
      '2;Душанбиев Карим Саидович;05.06.1986;A70000002;неразрешение въезда;А-2;01.06.2030',
      '3;Ягонаев Ягона Ягонаевич;07.08.1987;A70000003;включение в РКЛ;А-3;01.06.2029',
    ]),
  })
  await work(site)
  const answered = async (traveller: Traveller, patronymic: string) => {
    const reference = await askDesk(site, traveller, { patronymic })
    await work(site)
    return titlesOf(await (await site.ask(`/en/work/entry-checks/${reference}`, { as: 'adviser' })).text())
  }
  const [two, one] = [
    { document: 'A70000001', born: [1986, 6, 5], family: 'Душанбиев', given: 'Карим' } as const,
    { document: 'A70000003', born: [1987, 8, 7], family: 'Ягонаев', given: 'Ягона' } as const,
  ]
  expect(await answered(two, 'Саидович')).toEqual(['identity'])
  expect(await answered(one, 'Ягонаевич')).toEqual(['controlled'])
})

test('what was looked at while a long list came in is looked at again when all of it is in', async () => {
  const target = { document: 'A88000001', born: [1991, 9, 9], family: 'Охирзода', given: 'Фирӯз' } as const
  const proof = await proofOf(site, target)
  expect(await opened(proof)).toEqual(['not_found'])
  const { organisation_id, user_id } = await site.actor('carrier_agent')
  await sql`
    insert into entry_check.agreement (id, organisation_id, act, act_on, per_day, recorded_by, recorded_at)
    values (${newId()}, ${organisation_id}, 'Act', '2026-01-01', 100, ${user_id}, ${NOW})`.execute(site.owner)
  const letters = (at: number) => String.fromCharCode(1072 + (at % 32), 1072 + (at >> 5))
  const rows = Array.from(
    { length: 520 },
    (_, at) => `${at};Саф${letters(at)}ов Намуна;03.03.19${70 + (at % 20)};B${1000000 + at};РКЛ;C-${at};01.06.2029`,
  )
  rows.push('521;Охирзода Фирӯз;09.09.1991;A88000001;неразрешение въезда;C-521;01.06.2029')
  class Cut extends Error {}
  let importing = false
  const report = ({ done, message }: { done?: number; message?: { key: string } }) => {
    importing ||= message?.key === 'imports.progress.importing'
    if (importing && done === 500) throw new Cut()
  }
  const file = { name: 'long.csv', bytes: listOf(rows) }
  await expect(importFile(await consul(), listImport, file, { report })).rejects.toThrow(Cut)
  const { id } = await site.owner
    .selectFrom('imports.import')
    .select('id')
    .where('state', '=', 'importing')
    .executeTakeFirstOrThrow()
  await refresh({ minutes: 1 })
  await perform(site, 'entry_check.tags')
  expect(await opened(proof)).toEqual(['not_found'])
  await takeUnattended({ ...(await consul()), ...JOB }, id)
  await work(site)
  await refresh({ minutes: 2 })
  await perform(site, 'entry_check.tags', {}, NOW.add({ minutes: 2 }))
  expect(await opened(proof)).toEqual(['listed'])
  const input = pseudonym(site.ctx(), `passenger ${documentInput(target.document)}`)
  expect(
    await site.owner.selectFrom('entry_check.tag').select('input').where('input', '=', input).execute(),
  ).toHaveLength(1)
})

test('records that are joined or parted reach an open answer; what stays the same keeps the moment of its check', async () => {
  const registry = await registryOf(site)
  const who = { document: 'A55000001', born: [1990, 4, 4], family: 'Пайвандзода', given: 'Шодӣ' } as const
  const names = [{ family: who.family, given: who.given }]
  const documents = [{ kind: 'passport' as const, number: who.document }]
  const [known] = await registry.receive(registry.national, { names, birth: 19900404, sex: 'male', documents })
  await importFile(await consul(), listImport, {
    name: 'other.csv',
    bytes: listOf(['1;Гулов Шоди;12.11.1979;B55000002;неразрешение въезда;E-1;01.06.2029']),
  })
  await work(site)
  const ban = await site.owner
    .selectFrom('people.finding')
    .select('person_id')
    .where('birth', '=', 19791112)
    .executeTakeFirstOrThrow()
  const proof = await proofOf(site, who)
  const page = async () => (await site.ask('/en/entry-check/answer', { form: proof })).text()
  const checkedAt = async () => /<dt>Checked<\/dt>\s*<dd>(.*?)<\/dd>/s.exec(await page())?.[1]
  const before = await checkedAt()
  expect(before).toBeTruthy()
  expect(await opened(proof)).toEqual(['not_found'])
  await refresh({ hours: 2 })
  expect(await checkedAt()).toBe(before)
  const event = await mergePersons(registry.system(), ban.person_id, known!.person_id, { reason: 'review' })
  await work(site)
  await refresh({ hours: 4 })
  expect(await opened(proof)).toEqual(['identity'])
  await takeBack(registry.system(), event)
  await work(site)
  await refresh({ hours: 6 })
  expect(await opened(proof)).toEqual(['not_found'])
})
