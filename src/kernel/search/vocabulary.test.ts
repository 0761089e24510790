import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import { distanceBetween, neighbourKeys, slipsIn } from './distance.ts'
import { fold } from './fold.ts'
import { soundOf, soundsOf } from './sound.ts'
import { readWords, replaceWords, withoutSlips } from './vocabulary.ts'

let base: TestDatabase
beforeAll(async () => {
  base = await testDatabase()
})
afterAll(() => base.drop())

const meant = async (word: string) => (await readWords(base.ctx(), [fold(word)])).corrections.get(fold(word))?.meant

describe('a word', () => {
  test.each([
    ['сваршик', 'сварщик'],
    ['сворщик', 'сварщик'],
    ['свращик', 'сварщик'],
    ['электрек', 'электрик'],
    ['кавшергар', 'кафшергар'],
    ['афициант', 'официант'],
    ['шттукатур', 'штукатур'],
    ['svarshik', 'сварщик'],
    ['ronanda', 'ронанда'],
    ['pazanda', 'пазанда'],
    ['xizmatrason', 'хизматрасон'],
    ['повор', 'повар'],
    ['грущик', 'грузчик'],
    ['хишчин', 'хиштчин'],
    ['truk', 'truck'],
    ['павар', 'повар'],
    ['поварр', 'повар'],
    ['сварщикмонтажник', 'сварщик монтажник'],
    ['масква', 'москва'],
    ['elektrican', 'electrician'],
    ['елктрик', 'электрик'],
    ['шыея', 'швея'],
    ['аргонщег', 'аргонщик'],
    ['svarwik', 'сварщик'],
  ])('%s is %s', async (typed, expected) => expect(await meant(typed)).toBe(expected))

  test.each([
    'духтар',
    'духтур',
    'кафшдӯз',
    'кафшергар',
    'дочь',
    'малярия',
    'паранда',
    'вахта',
    'тула',
    'сын',
    'date',
    'хқзщ',
    'абв',
    'барс',
    'мыть',
    'полоть',
    '12345678',
  ])('%s stays', async (typed) => expect(await meant(typed)).toBeUndefined())

  test('that another alphabet spells is no slip', async () => {
    const { corrections } = await readWords(base.ctx(), ['svarshik', 'сваршик'])
    expect([...corrections.values()].map(({ slip }) => slip)).toEqual([false, true])
  })

  test('that exists is never corrected, whatever it is', async () => {
    const rows = await base.owner.selectFrom('search.word').select('word').distinct().orderBy('word').execute()
    expect(rows.length).toBeGreaterThan(5000)
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.constantFrom(...rows.map(({ word }) => word)), { maxLength: 50 }),
        async (words) => {
          const { known, corrections } = await readWords(base.ctx(), words)
          expect([known.size, corrections.size]).toEqual([words.length, 0])
        },
      ),
      { numRuns: 30 },
    )
  })

  test('is known as soon as a source has it, and no longer than that', async () => {
    await base.owner
      .transaction()
      .execute((trx) => replaceWords(trx, { vacancies: new Map([['сваршик', { frequency: 3, spelling: 'сваршик' }]]) }))
    expect(await meant('сваршик')).toBeUndefined()
    await base.owner.transaction().execute((trx) => replaceWords(trx, { vacancies: new Map() }))
    expect(await meant('сваршик')).toBe('сварщик')
  })
})

describe('distances', () => {
  const letters = fc.string({ unit: fc.constantFrom(...'абвг'), maxLength: 9 })

  test('count slips', () => {
    expect(distanceBetween('сварщик', 'свращик', 2)).toBe(1)
    expect(distanceBetween('повар', 'повр', 2)).toBe(1)
    expect(distanceBetween('духтур', 'духтар', 2)).toBe(1)
    expect(distanceBetween('кафшергар', 'кафшдуз', 2)).toBe(3)
  })

  test('are the same both ways and stop above the limit', () =>
    fc.assert(
      fc.property(letters, letters, (a, b) => {
        const distance = distanceBetween(a, b, 2)
        return distance === distanceBetween(b, a, 2) && distance <= 3 && (distance === 0) === (a === b)
      }),
    ))

  test('words within them share a key', () =>
    fc.assert(
      fc.property(letters, letters, (a, b) => {
        if (distanceBetween(a, b, 2) > 2) return true
        const keys = new Set(neighbourKeys(a, 2))
        return neighbourKeys(b, 2).some((key) => keys.has(key))
      }),
    ))

  test('short words bear none', () => expect(['кот', 'свар', 'официант'].map(slipsIn)).toEqual([0, 1, 2]))
})

test('spellings in both alphabets sound the same', () => {
  for (const [latin, word] of [
    ['svarschik', 'сварщик'],
    ['svarshchik', 'сварщик'],
    ['hamshira', 'ҳамшира'],
    ['jarroh', 'ҷарроҳ'],
    ['kurier', 'курьер'],
    ['shofer', 'шофёр'],
    ['shofyor', 'шофёр'],
    ['siyohkor', 'сиёҳкор'],
    ['taksist', 'таксист'],
  ] as const)
    expect(soundsOf(latin)).toContain(soundOf(fold(word)))
})

test('a slip that many make is not learnt, a form and a rare word of its own are', () => {
  const counts = new Map(
    Object.entries({ сварщик: 400, сваршик: 9, сварщики: 8, портной: 30, портный: 9 }).map(([word, frequency]) => [
      word,
      { frequency, spelling: word },
    ]),
  )
  const learnt = withoutSlips(counts, (a, b) => a.slice(0, 7) === b.slice(0, 7))
  expect([...learnt.keys()]).toEqual(['сварщик', 'сварщики', 'портной', 'портный'])
})
