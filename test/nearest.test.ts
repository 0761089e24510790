import { join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '#kernel/root.ts'
import { nearestTests } from './nearest.ts'

const vacancies = join(ROOT, 'src/modules/vacancies')
const after = (file: string) => nearestTests(join(vacancies, file))?.map((test) => relative(vacancies, test))

test('a save runs the tests of that name, of the folder, or of the pages', () => {
  expect(after('reviews.ts')).toEqual(['reviews.test.ts'])
  expect(after('pages/show.tsx')).toEqual(['pages.test.ts'])
  expect(after('messages/tg.json')).toEqual(['pages.test.ts'])
  expect(after('reading/pay.ts')).toEqual(['reading/reading.test.ts'])
  expect(after('listings.ts')).toContain('listings-counted.test.ts')
})

test('where no name tells, and for tests themselves, imports do', () => {
  expect(after('publishing.ts')).toBeUndefined()
  expect(after('pages.test.ts')).toBeUndefined()
  expect(nearestTests(join(ROOT, 'src/app.ts'))).toBeUndefined()
  expect(nearestTests(join(ROOT, 'test/database.ts'))).toBeUndefined()
})
