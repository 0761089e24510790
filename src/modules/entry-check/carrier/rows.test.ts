import { expect, test } from 'vitest'
import { compareWords, L } from '#kernel/people/matching/likeness.ts'
import { ENDINGS, GIVEN } from '#kernel/people/matching/lists.ts'
import type { PersonName } from '#kernel/people/matching/names.ts'
import { soundOf } from '#kernel/people/matching/sounds.ts'
import { readWord } from '#kernel/people/matching/words.ts'
import { type Frequencies, scoreAgainst } from '#kernel/people/scoring.ts'
import { inScript, type Script } from '../../../../bench/people/romanise.ts'
import { seeded, simulatePeople } from '../../../../bench/people/simulate.ts'
import { isAlike } from '../finding.ts'
import { documentInput, inputsOf, skeleton } from './passenger.ts'
import { inputsOfRows, type Listed, skeletonsOf } from './rows.ts'

const SCRIPTS: readonly Script[] = ['tajik', 'keyboard', 'russian', 'bgn', 'icao', 'common']

// What a desk takes for one word, and no slip of it.
const ONE_WORD: ReadonlySet<number> = new Set([L.exact, L.same, L.stem, L.variant])

test('no two words are parted that the registry looks for together and takes for one: given names with all endings, in all scripts', () => {
  const spelled = ['ев', 'ева', 'иев', 'иева', 'иён', 'ён', 'ниё', 'ӣ', 'евич', 'евна', 'заде']
  const sounds = ENDINGS.map(({ ending }) => inTajik(ending))
  const endings = [...new Set(['', ...spelled, ...sounds])]
  const words = GIVEN.flatMap(({ spellings }) => spellings).flatMap((name) =>
    endings.flatMap((ending) => SCRIPTS.map((script) => inScript(name + ending, script).toLowerCase())),
  )
  const asked = new Map<string, Map<string, string[]>>()
  for (const word of new Set(words))
    for (const key of readWord(word).skeletons)
      asked
        .getOrInsertComputed(key, () => new Map())
        .getOrInsertComputed(skeleton(word), () => [])
        .push(word)
  const parted = [...new Set(words)].flatMap((word) => {
    const listed = new Set(skeletonsOf(word))
    return readWord(word).skeletons.flatMap((key) =>
      [...asked.get(key)!]
        .filter(([of]) => !listed.has(of))
        .flatMap(([, others]) => others)
        .filter((other) => ONE_WORD.has(compareWords(readWord(word), readWord(other))))
        .map((other) => `${word}: ${other}`),
    )
  })
  expect(parted).toEqual([])
})

// The endings as they are written, from their sounds.
const inTajik = (ending: string) =>
  Array.from(ending, (letter) => 'авдезинопруфхтч'['avdezinoprufhtč'.indexOf(letter)] ?? letter).join('')

const year = (birth: number) => Math.floor(birth / 10_000)
const month = (birth: number) => Math.floor(birth / 100) % 100
/** What a list may state of a birth date. */
const STATED: Record<string, (birth: number) => number | null> = {
  exact: (birth) => birth,
  crossed: (birth) => year(birth) * 10_000 + (birth % 100) * 100 + month(birth),
  'another day': (birth) => (birth % 10 < 8 ? birth + 1 : birth - 1),
  'another month': (birth) => (month(birth) % 10 < 2 ? birth + 100 : birth - 100),
  'another year': (birth) => (year(birth) % 10 < 7 ? birth + 30_000 : birth - 30_000),
  'the year': (birth) => year(birth) * 10_000,
  '1 January': (birth) => year(birth) * 10_000 + 101,
  nothing: () => null,
}

const KNOWN = learnt([...simulatePeople(10_000, seeded(12))].map((one) => [one.family, one.given, one.patronymic]))

test.each(Object.keys(STATED))(
  'wherever a desk says that identity must be checked, a carrier is to refer: %s of the birth date',
  (stated) => {
    const random = seeded(11)
    const scriptOf = () => SCRIPTS[Math.floor(random() * SCRIPTS.length)]!
    const people = [...simulatePeople(250, random)]
    let [desk, missed] = [0, [] as string[]]
    for (const person of people)
      for (const documents of [[], ['B1234567']])
        for (const [listedBirth, birth] of [
          [STATED[stated]!(person.birth), person.birth],
          [person.birth, STATED[stated]!(person.birth)],
        ] as const) {
          // A passenger has a whole date, of a month that there is.
          if (!birth || birth % 10_000 === 0 || month(birth) > 12) continue
          const [inList, inPassport] = [scriptOf(), scriptOf()]
          const part = (name: 'family' | 'given' | 'patronymic', script: Script) => inScript(person[name], script)
          const listed: PersonName = {
            ...{ family: part('family', inList), given: part('given', inList), patronymic: part('patronymic', inList) },
          }
          const typed = { family: part('family', inPassport), given: part('given', inPassport) }
          const record = comparable('listed', listed, listedBirth, documents)
          const [score] = scoreAgainst(comparable('asked', typed, birth, ['A9999999']), [record], KNOWN)
          if (!isAlike({ record: { ...record, person_id: '' }, score: score!, clear: true }, birth)) continue
          desk++
          const row: Listed = { names: [listed], births: listedBirth ? [listedBirth] : [], documents }
          const rows = inputsOfRows([row])
          if (!inputsOf({ document: 'A9999999', ...typed, birth }).some((input) => rows.has(input)))
            missed.push(JSON.stringify([listed, listedBirth, typed, birth]))
        }
    expect(desk).toBeGreaterThan(20)
    expect(missed).toEqual([])
  },
)

const comparable = (record_id: string, name: PersonName, birth: number | null, documents: string[]) => ({
  ...{ record_id, names: [name], birth, sex: null, citizenship: null, home_district: null, documents },
})

// As the registry learns it from its records.
function learnt(names: readonly string[][]): Frequencies {
  const counts = Map.groupBy(names.flat(), soundOf)
  const total = names.length
  const share = new Map([...counts].map(([sound, { length }]) => [`0 ${sound}`, length / total]))
  const squares = [...share.values()].reduce((sum, one) => sum + one * one, 0)
  return { version: 'test', persons: 100_000, share, average: [squares, 1 / 18_000] }
}

test('a document stands alone; what tells nobody apart stands for nobody', () => {
  const row = { names: [{ whole: 'Намунаев Далер' }], births: [] }
  expect(inputsOfRows([{ ...row, documents: ['A 12345678'] }])).toContain(documentInput('А12345678'))
  for (const nothing of ['б/н', 'нет', '000000'])
    expect([...inputsOfRows([{ ...row, documents: [nothing] }])].join()).not.toContain('document')
})

test('who is listed without a day of birth is asked about by name, as long as that refers few others', () => {
  const { family, given } = { family: 'Раҳимов', given: 'Далер' }
  const without = { names: [{ family, given }], births: [], documents: [] }
  const asked = inputsOf({ document: 'A9999999', family, given, birth: 19900214 })
  const isReferred = (rows: readonly Listed[]) => {
    const inputs = inputsOfRows(rows)
    return asked.some((input) => inputs.has(input))
  }
  expect(isReferred([without])).toBe(true)
  expect(isReferred([{ ...without, births: [19900000] }])).toBe(true)
  expect(isReferred([{ ...without, births: [19910000] }])).toBe(false)
  // Where one of six is called Раҳимов, and one of six Далер, one of twenty passengers would be referred for that name alone.
  const others = ['Каримов', 'Шарипов', 'Юсупов', 'Назаров', 'Зокиров'].map((one) => ({ family: one, given: 'Анвар' }))
  const many = Array.from({ length: 100 }, () => [without, ...others.map((name) => ({ ...without, names: [name] }))])
  expect(isReferred(many.flat())).toBe(false)
})
