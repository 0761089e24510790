import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { importFile } from '#kernel/imports/import-file.ts'
import { ROOT } from '#kernel/root.ts'
import { systemContext } from '#kernel/system.ts'
import { NOW, silentLog, type TestDatabase, testDatabase } from '../../../test/database.ts'
import { vacanciesImport } from './import.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

const context = (now = NOW) => ({ ...systemContext(database.platform, database.owner, silentLog, 'test'), now })
const take = (file: { name: string; bytes: Uint8Array }, now = NOW) =>
  importFile(context(now), vacanciesImport, file, { source: 'trudvsem' })
const shipped = (name: string) => ({ name, bytes: readFileSync(join(ROOT, 'data/vacancies', name)) })
const lines = (...adverts: object[]) => ({
  name: 'adverts.jsonl',
  bytes: Buffer.from(adverts.map((advert) => JSON.stringify(advert)).join('\n')),
})
const vacancies = () => database.owner.selectFrom('vacancies.vacancy').selectAll().orderBy('id').execute()
const named = async (title: string) => (await vacancies()).find((vacancy) => vacancy.title === title)!
const listed = async (id: string) =>
  (await database.owner.selectFrom('vacancies.listing').selectAll().where('vacancy_id', '=', id).executeTakeFirst()) ??
  null
const reviewsOf = (id: string) =>
  database.owner
    .selectFrom('vacancies.review')
    .select(['reason', 'evidence', 'decision'])
    .where('vacancy_id', '=', id)
    .execute()

test('shipped adverts come in, each once, however often', async () => {
  // Enough of them to mean something, few enough for a quick loop; all come in whenever a demonstration starts.
  const { name, bytes } = shipped('trudvsem.jsonl')
  const some = bytes
    .toString('utf8')
    .split('\n')
    .filter((line, i) => i < 25 || line.includes('Военнослужащий'))
  const file = { name, bytes: Buffer.from(some.join('\n')) }
  const first = await take(file)
  expect(first).toMatchObject({ errors: 0 })
  const before = await vacancies()
  expect(before.length).toBeGreaterThan(24)
  await take(file)
  expect((await vacancies()).map(({ last_seen_at: _, ...vacancy }) => vacancy)).toEqual(
    before.map(({ last_seen_at: _, ...vacancy }) => vacancy),
  )
  const records = await database.owner.selectFrom('vacancies.source_record').select('id').execute()
  expect(records).toHaveLength(before.length)
})

test('what the source does not state stays not stated', async () => {
  const cleaner = await named('Уборщик служебных помещений')
  expect(cleaner).toMatchObject({
    employer_name: null,
    expires_on: null,
    source_url: null,
    pay_min: 4000000n,
    pay_max: 6900000n,
    pay_currency: 'RUB',
    // What the portal calls the region is where the employer is registered.
    place_code: null,
    employer_place_code: 'RU-MOW',
  })
  expect(String(cleaner.published_on)).toBe('2024-03-27')
})

test('military service is held: not in the public list, but before an officer within a day', async () => {
  const soldier = await named('Военнослужащий')
  expect(soldier.state).toBe('held')
  expect(await listed(soldier.id)).toBeNull()
  const [review] = (await reviewsOf(soldier.id)).filter(({ reason }) => reason === 'military')
  expect(review!.evidence).toMatchObject({
    signs: expect.arrayContaining([
      expect.objectContaining({ flag: 'military', quote: expect.stringMatching(/военн/i) }),
    ]),
  })
})

test('the portal’s own structures come in, and only the workplace says where the work is', async () => {
  await take(shipped('trudvsem-api.json'))
  await take(shipped('trudvsem-bulk.json'))
  expect(await named('Аппаратчик 5 разряда')).toMatchObject({
    employer_inn: '7113067263',
    place_code: 'RU-TUL',
    pay_min: 2300000n,
    pay_max: null,
    medical_card: true,
  })
  const tester = await named('Специалист по тестированию систем искусственного интеллекта')
  expect(tester).toMatchObject({ place_code: 'RU-SPE', source: 'trudvsem' })
})

const welder = {
  id: 'w-1',
  source: 'employer',
  title: 'Сварщик',
  country: 'RU',
  region: 'Тульская область',
  salary_min: 80000,
  salary_currency: 'RUB',
  duties: 'Сварка труб.',
}

test('an unsure occupation is published and asked about; an officer’s word stays when the advert is renewed', async () => {
  await take(lines({ ...welder, id: 'w-2', title: 'Универсал на все руки' }))
  const odd = await named('Универсал на все руки')
  expect(odd).toMatchObject({ state: 'published', isco: null })
  expect((await reviewsOf(odd.id)).map(({ reason }) => reason)).toEqual(['occupation'])
  await database.owner
    .updateTable('vacancies.vacancy')
    .set({ isco: '9622', isco_by: 'officer' })
    .where('id', '=', odd.id)
    .execute()
  await take(lines({ ...welder, id: 'w-2', title: 'Универсал на все руки', salary_min: 90000 }))
  expect(await named('Универсал на все руки')).toMatchObject({ isco: '9622', isco_by: 'officer', pay_min: 9000000n })
})

test('an advert that its source withdraws closes, and opens again when it comes back', async () => {
  await take(lines(welder))
  const { id, reference } = await named('Сварщик')
  expect(await listed(id)).toMatchObject({ isco: '7212', place_codes: ['RU-TUL', 'RU'] })
  await take(lines({ ...welder, withdrawn: true }))
  expect(await listed(id)).toBeNull()
  expect(
    await database.owner.selectFrom('vacancies.closure').select('reference').where('vacancy_id', '=', id).execute(),
  ).toEqual([{ reference }])
  await take(lines(welder))
  expect(await listed(id)).not.toBeNull()
  expect(
    await database.owner.selectFrom('vacancies.closure').select('reference').where('vacancy_id', '=', id).execute(),
  ).toEqual([])
})

test('a bad row never stops the good ones', async () => {
  const result = await take(
    lines(
      { ...welder, id: 'g-1', title: 'Бетонщик' },
      { ...welder, id: 'g-2', title: '' },
      { ...welder, id: 'g-3', title: 'Маляр', salary_min: 'много' },
    ),
  )
  expect(result).toMatchObject({ errors: 2 })
  expect(await named('Бетонщик')).toBeDefined()
  expect(await named('Маляр')).toBeUndefined()
})

test('other words do not let a held advert out', async () => {
  await take(lines({ ...welder, id: 'h-1', title: 'Боец штурмового отряда' }))
  const held = await named('Боец штурмового отряда')
  expect(held.state).toBe('held')
  await take(lines({ ...welder, id: 'h-1', title: 'Разнорабочий' }))
  expect(await named('Разнорабочий')).toMatchObject({ id: held.id, state: 'held' })
  expect(await listed(held.id)).toBeNull()
})

test('the employer’s name speaks too', async () => {
  await take(
    lines({ ...welder, id: 'h-2', title: 'Водитель', employer: 'Пункт отбора на военную службу по контракту' }),
  )
  expect(await named('Водитель')).toMatchObject({ state: 'held' })
})

test('the lists of two employers may both begin with 1', async () => {
  await take(lines({ ...welder, id: '1', title: 'Токарь', employer: 'ООО Альфа' }))
  await take(lines({ ...welder, id: '1', title: 'Фрезеровщик', employer: 'ООО Бета' }))
  expect(await named('Токарь')).toBeDefined()
  expect(await named('Фрезеровщик')).toBeDefined()
})

test('an older file after a newer one says nothing new', async () => {
  const dated = (modified_on: string, salary_min: number) =>
    lines({ ...welder, id: 'o-1', title: 'Крановщик', modified_on, salary_min })
  await take(dated('2026-11-10', 90000))
  await take(dated('2026-11-01', 70000))
  expect(await named('Крановщик')).toMatchObject({ pay_min: 9000000n })
})

test('an employer’s contact person is kept nowhere among the adverts, whatever the file', async () => {
  const csv = 'id,title,country,employer,contact person\nc-1,Плотник,RU,ООО Гамма,Иванова Мария\n'
  await take({ name: 'sheet.csv', bytes: Buffer.from(csv) })
  await take(lines({ ...welder, id: 'c-2', title: 'Столяр', contact_person: 'Иванова Мария' }))
  expect(await named('Плотник')).toMatchObject({ contacts: [] })
  expect(await named('Столяр')).toMatchObject({ contacts: [] })
  const records = await database.owner.selectFrom('vacancies.source_record').select('raw').execute()
  expect(JSON.stringify(records)).not.toContain('Иванова')
})
