import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareNames } from './compare-names.ts'
import { compareWords, LEVELS } from './likeness.ts'
import { GIVEN, SOUNDS } from './lists.ts'
import { wordsOf } from './names.ts'
import { slipsBetween } from './slips.ts'
import { soundOf, soundsOf } from './sounds.ts'
import { readWord, skeletonOf, stemsOf } from './words.ts'

const level = (a: string, b: string) => LEVELS[compareWords(readWord(a), readWord(b))]!
const letters = (alphabet: string) => fc.string({ unit: fc.constantFrom(...alphabet), minLength: 1, maxLength: 14 })
const anyWord = fc.oneof(
  letters('абвгғдеёжзиӣйкқлмнопрстуӯфхҳчҷшъэюя'),
  letters('abcdefghijklmnopqrstuvwxyz'),
  fc.string({ minLength: 1, maxLength: 14 }),
  fc.constantFrom(...GIVEN.flatMap(({ spellings }) => spellings)),
)

describe('sounds', () => {
  test.each([
    ['jamšed', ['Ҷамшед', 'Джамшед', 'Jamshed', 'Dzhamshed', 'Djamshed', 'ҶАМШЕД']],
    ['rahmon', ['Раҳмон', 'Рахмон', 'Rahmon', 'Rakhmon', "Rah'mon"]],
    ['kurbon', ['Қурбон', 'Курбон', 'Qurbon', 'Kurbon']],
    ['gafur', ['Ғафур', 'Гафур', 'Ghafur', 'Gafur']],
    ['sadi', ['Саъдӣ', 'Сади', 'Sadi']],
    ['usuf', ['Юсуф', 'Yusuf', 'Iusuf']],
    ['šarif', ['Шариф', 'Sharif', 'Şarif']],
    ['hariniso', ['Хайринисо', 'Khairiniso', 'Khayriniso']],
    ['nurulo', ['Нурулло', 'Nurullo', 'Нуруллоҳ']],
  ])('%s is one sound in every spelling', (sound, spellings) => {
    expect(spellings.map(soundOf)).toEqual(spellings.map(() => sound))
  })

  test('x and j have more than one', () => {
    expect(soundsOf('Xolmurod')).toContain(soundOf('Холмурод'))
    expect(soundsOf('Jusuf')).toContain(soundOf('Юсуф'))
    expect(soundsOf('Alexander')[0]).toBe(soundOf('Александер'))
  })

  test('folding twice changes nothing', () => {
    fc.assert(
      fc.property(anyWord, (word) => soundOf(soundOf(word)) === soundOf(word)),
      { numRuns: 2000 },
    )
  })

  // Systems that keep every sound: the way there and back is one sound.
  const SYSTEMS = {
    odni: 'а=a б=b в=v г=g ғ=gh д=d е=e ё=yo ж=zh з=z и=i ӣ=i й=y к=k қ=q л=l м=m н=n о=o п=p р=r с=s т=t у=u ӯ=u ф=f х=kh ҳ=h ч=ch ҷ=j ш=sh э=e ю=yu я=ya',
    russian: 'ғ=г қ=к ҳ=х ҷ=дж ӣ=и ӯ=у ъ=',
  }
  test.each(Object.entries(SYSTEMS))('names sound the same after transliteration: %s', (_system, pairs) => {
    const table = new Map(pairs.split(' ').map((pair) => pair.split('=') as [string, string]))
    const written = (name: string) => Array.from(name.toLowerCase(), (letter) => table.get(letter) ?? letter).join('')
    for (const name of GIVEN.flatMap(({ spellings }) => spellings))
      expect(soundsOf(written(name))).toContain(soundOf(name))
  })

  test('every letter of the table has a sound that stays what it is', () => {
    expect(SOUNDS.size).toBeGreaterThan(100)
    for (const sound of SOUNDS.values()) expect(soundOf(soundOf(sound))).toBe(soundOf(sound))
  })
})

describe('words', () => {
  test.each([
    ['Раҳимов', 'Раҳимзода', 'stem'],
    ['Раҳмонов', 'Раҳмон', 'stem'],
    ['Miraliyon', 'Миралиев', 'stem'],
    ['Юсуфӣ', 'Yusufov', 'stem'],
    ['Набиев', 'Набизода', 'stem'],
    ['Шарифпур', 'Шарифова', 'stem'],
    // Of a short name little is left, and it is one of the commonest surnames.
    ['Алиев', 'Ализода', 'stem'],
    ['Aliyeva', 'Ализод', 'stem'],
    ['Алиев', 'Алӣ', 'stem'],
    ['Алиён', 'Алиев', 'stem'],
    ['Чоршанбеев', 'Чоршанбезода', 'stem'],
    ['Chorshanbeev', 'Чоршанбеев', 'same'],
    ['Chorshanbeeva', 'Чоршанбезода', 'stem'],
    ['Бобоев', 'Бобоён', 'stem'],
    ['Boboyon', 'Бобозода', 'stem'],
    ['Шоҳов', 'Шоҳиён', 'stem'],
    ['Шоҳон', 'Шоҳзода', 'stem'],
    ['Алиниё', 'Алипур', 'stem'],
    ['Алифар', 'Алидухт', 'stem'],
    ['Ёров', 'Ёрзода', 'stem'],
    ['Исозода', 'Исаев', 'stem'],
    ['Иброҳимзода', 'Ибрагимов', 'stem'],
    ['Алиев', 'Одинаев', 'differs'],
    // Latin letters that only look right.
    ['PAXMOHOB', 'Раҳмонов', 'same'],
    ['PYCTAM', 'Рустам', 'same'],
    ['Сафармамадовна', 'Safarmamadzoda', 'stem'],
    ['Рустам', 'Rustam', 'same'],
    ['Аҳмадҷон', 'Ахмаджон', 'same'],
    ['Муҳаммад', 'Маҳмад', 'variant'],
    ['William', 'Bill', 'variant'],
    ['Абдуллоев', 'Абдулоив', 'near'],
    ['Исматуллоев', 'Ismatolloev', 'near'],
    // One letter of a short name, of which the ear makes two sounds.
    ['Лоиқ', 'Лниқ', 'near'],
    ['Ойгул', 'Oyul', 'near'],
    ['Сино', 'Sio', 'near'],
    ['Набӣ', 'Наи', 'near'],
    ['Ҷовид', 'Джоуид', 'near'],
    ['Зоҳир', 'Зҳир', 'near'],
    ['Шариф', 'Шаифов', 'near'],
    ['Валиев', 'Vanlizoda', 'near'],
    // A letter lost makes what is left end like a surname, of another name.
    ['Шарафҷон', 'Шарафон', 'near'],
    ['Маҳмадалӣзода', 'Маҳмадаӣзода', 'near'],
    ['Расулҷонова', 'Rasullonova', 'near'],
    ['Қодирӣ', 'Қодиров', 'stem'],
    ['Каримӣ', 'Раҳимӣ', 'differs'],
    ['Каримӣ', 'Калимов', 'differs'],
    ['Салим', 'Ҳалимӣ', 'differs'],
    ['Шарипов', 'S', 'differs'],
    ['Шарипов', 'Ш', 'part'],
    // Different names, however alike: twins are often called so.
    ['Ҳасан', 'Ҳусейн', 'differs'],
    ['Азиз', 'Азиза', 'differs'],
    ['Карим', 'Раҳим', 'differs'],
    ['Раҳимов', 'Раҳмонов', 'differs'],
    ['Ҷамшера', 'Ҷамшер', 'far'],
    ['Anna', 'Ann', 'variant'],
  ])('%s and %s: %s', (a, b, expected) => {
    expect([level(a, b), level(b, a)]).toEqual([expected, expected])
  })

  test('agreement does not depend on the order', () => {
    fc.assert(
      fc.property(anyWord, anyWord, (a, b) => level(a, b) === level(b, a)),
      { numRuns: 2000 },
    )
    fc.assert(fc.property(anyWord, (a) => level(a, a) === 'exact'))
  })

  test('slips: the same either way, none only for the same word, never more than all letters', () => {
    fc.assert(
      fc.property(anyWord, anyWord, (a, b) => {
        const slips = slipsBetween(a, b)
        expect(slipsBetween(b, a)).toBeCloseTo(slips, 9)
        expect(slips === 0).toBe(a === b)
        expect(slips).toBeLessThanOrEqual(a.length + b.length)
      }),
    )
  })

  test('endings go one by one, and never the whole word', () => {
    expect(stemsOf('rahmonov')).toEqual(['rahmonov', 'rahmon', 'rahm'])
    fc.assert(
      fc.property(anyWord, (word) =>
        stemsOf(soundOf(word)).every((stem) => stem.length >= Math.min(2, soundOf(word).length)),
      ),
    )
  })

  test('skeletons survive vowels, h and ҷ for ч', () => {
    expect(skeletonOf('rahmon')).toBe(skeletonOf('ramun'))
    expect(skeletonOf('jamšed')).toBe(skeletonOf('čamšid'))
    expect(skeletonOf('ali')).not.toBe(skeletonOf('alo'.replace('l', 'm')))
  })
})

describe('names', () => {
  test.each([
    ['Мухаммад-Али О’Брайен', ['мухаммад', 'али', 'обрайен']],
    ['Mr. Rami bin Makhlouf', ['rami', 'makhlouf']],
    ['SergeiLavrov', ['sergei', 'lavrov']],
    ['Pахимов', ['рахимов']],
    ['Sech1n 2nd', ['sechin']],
    ['van der', ['van', 'der']],
  ])('%s is %o', (text, words) => expect(wordsOf(text)).toEqual(words))

  test('plain words, which are read the short way, are the same read the long way', () => {
    const word = fc.oneof(
      fc.constantFrom('van', 'der', 'бин', 'Mr', 'ҶАМШЕД', 'Ҷамшед', 'O', 'ўғли', 'SergeiLavrov'),
      fc.stringMatching(/^(?:[A-Z]?[a-z]{1,6}|[A-Z]{1,6}|[А-ЯЁҒӢҚӮҲҶ]?[а-яёғӣқӯҳҷ]{1,6})$/),
    )
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), (words) => {
        // The blank behind it makes it the long way.
        expect(wordsOf(words.join(' '))).toEqual(wordsOf(`${words.join(' ')} `))
      }),
    )
  })

  // Invented people.
  const SAME = [
    ['Қурбонов Ҷамшед Раҳматович', 'Kurbonov Dzhamshed Rakhmatovich'],
    ['Қурбонов Ҷамшед Раҳматович', 'JAMSHED QURBONZODA'],
    ['Ҷамшед Қурбонзода', 'Курбонов Джамшед'],
    ['Шер Муҳаммад Ғаниев', 'Шермуҳаммад Ганиев'],
    ['Солиҳа Файзиева', 'Saliha Faizieva'],
    ['Абдуғаффор Холиқзода', 'Kholikov Abdugafor'],
    ['Михаил Воробьёв', 'Mikhail Vorobyev'],
    ['Иброҳимов Иброҳим', 'Ibragimov Ibrahim'],
    ['Саид Карим Раҳимович', 'Саидов Карим Раҳим'],
    ['Каримова Зарина', 'Каримов Зарина'],
    ['Александр Петров', 'Саша Петров'],
    ['Алиев Санҷар', 'Ализода Санчар'],
    ['PAXMOHOB PYCTAM', 'Раҳмонов Рустам'],
  ] as const
  test.each(SAME)('%s is likely %s', (a, b) => expect(compareNames(a, b).score).toBeGreaterThan(0.8))

  const OTHERS = [
    ['Қурбонов Ҷамшед Раҳматович', 'Қурбонов Рустам Раҳматович'],
    ['Ҳасан Раҳимов', 'Ҳусейн Раҳимов'],
    ['Раҳимов Рустам', 'Раҳмонов Рустам'],
    ['Азиза Юсуфӣ', 'Азиз Юсуфов'],
    ['Каримов Раҳим', 'Раҳимов Карим'],
    ['Каримов Раҳим Саидович', 'Каримов Саид Раҳимович'],
    ['Ҷамшер Ҷамшеров', 'Ҷамшера Ҷамшерова'],
    ['Robert Smith', 'Roberta Smith'],
    ['', 'Рустам'],
  ] as const
  test.each(OTHERS)('%s is hardly %s', (a, b) => expect(compareNames(a, b).score).toBeLessThan(0.5))

  test('the same either way, in any order of words, and surest with itself', () => {
    const name = fc
      .array(
        anyWord.filter((word) => /^\p{L}+$/u.test(word)),
        { minLength: 1, maxLength: 4 },
      )
      .map((words) => words.join(' '))
    fc.assert(
      fc.property(name, name, (a, b) => {
        const { score } = compareNames(a, b)
        expect(compareNames(b, a).score).toBeCloseTo(score, 9)
        expect(score).toBeGreaterThanOrEqual(0)
        expect(compareNames(a, a).score).toBeGreaterThanOrEqual(score)
      }),
    )
  })

  test('every word of both names stands in the explanation', () => {
    const { steps } = compareNames('Қурбонов Ҷамшед Раҳматович', 'Jamshed Qurbonzoda')
    expect(steps.map(({ left, right, level: how }) => [left, right, how])).toEqual([
      ['ҷамшед', 'jamshed', 'same'],
      ['қурбонов', 'qurbonzoda', 'stem'],
      ['раҳматович', null, 'unknown'],
    ])
  })
})

test.each([
  ['Чоршанбеев', 'Чоршанбезода'],
  ['Chorshanbeev', 'Чоршанбезода'],
  ['Бобоев', 'Бобоён'],
  ['Шоҳов', 'Шоҳиён'],
])('%s and %s have a key in common, and are one name', (one, other) => {
  const skeletons = (word: string) => readWord(word.toLowerCase()).skeletons
  expect(skeletons(one).some((skeleton) => skeletons(other).includes(skeleton))).toBe(true)
  expect(compareNames(`${one} Исо`, `${other} Исо`).score).toBeGreaterThan(0.9)
})
