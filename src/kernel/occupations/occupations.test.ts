import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import { loadOccupations } from './load.ts'
import { findOccupations, occupationIndex, occupationLabel, occupationOf, searchTerms } from './occupations.ts'

let base: TestDatabase
beforeAll(async () => {
  base = await testDatabase()
  await loadOccupations(base.owner)
})
afterAll(() => base.drop())

test('is loaded once; what left the list is withdrawn, not found, and still named', async () => {
  expect(await loadOccupations(base.owner)).toBe(false)
  await sql`insert into occupations.occupation (code, level) values ('9999', 4)`.execute(base.owner)
  await sql`insert into occupations.occupation_label (code, lang, label, reviewed) values ('9999', 'en', 'Old trade', true)`.execute(
    base.owner,
  )
  await sql`delete from lists.version where list = 'occupations'`.execute(base.owner)
  expect(await loadOccupations(base.owner)).toBe(true)
  // Rows were added behind the list's back: another version, so that no index kept in memory answers for them.
  await sql`update lists.version set checksum = 'of this test' where list = 'occupations'`.execute(base.owner)
  const ctx = base.ctx()
  expect((await occupationIndex(ctx)).occupations.get('9999')?.withdrawn).toBe(true)
  expect(await findOccupations(ctx, 'old trade')).toEqual([])
})

test('the app reads labels, terms and mappings, and can write none of them', async () => {
  const ctx = base.ctx({ lang: 'tg' })
  expect(await occupationLabel(ctx, '7212')).toBe('Кафшергарон')
  expect(await occupationLabel(ctx, '7212', 'en')).toBe('Welders and flamecutters')
  expect(await occupationLabel(ctx, '71', 'ru')).toBe('Строители и отделочники')
  expect(await searchTerms(ctx, '5120')).toContain('ошпаз')
  expect(await occupationOf(ctx, 'Бетонщик')).toMatchObject({ isco: '7114', by: 'term' })
  expect((await findOccupations(ctx, 'нонпаз'))[0]).toMatchObject({ code: '7512', label: 'Нонпазон ва қаннодон' })
  await expect(sql`delete from occupations.term`.execute(base.db)).rejects.toThrow(/permission denied/)
})
