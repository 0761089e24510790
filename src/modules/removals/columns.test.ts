import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SHEET_COLUMNS } from './columns.ts'

const column = (name: string) => SHEET_COLUMNS.find((one) => one.name === name)!
const cost = (text: string) => {
  const reading = column('cost').read(text)
  const sum = ('value' in reading ? reading.value : null) as { figure?: string; currency?: string } | null
  return sum?.figure ? `${sum.figure} ${sum.currency ?? ''}`.trim() : null
}
const note = (text: string) => {
  const reading = column('cost').read(text)
  return 'repaired' in reading ? reading.repaired : undefined
}

test.each([
  ['310 EUR', '310 EUR'],
  ['1 240,00', '1 240,00'],
  ['1\u202f240\u00a0€', '1\u202f240 EUR'],
  ["1'240.50 USD", "1'240.50 USD"],
  ['1,240.50 $', '1,240.50 USD'],
  ['1.234.567 сум UZS', null],
  ['€410', '410 EUR'],
  ['EUR 410', '410 EUR'],
  ['евро (EUR) 410', '410 EUR'],
  ['≈ 410 (евро)', '410 EUR'],
  ['руб.500', '500 RUB'],
  ['500 руб. РФ', '500 RUB'],
  ['500 долл. США', '500 USD'],
  ['1.240 EUR', '1.240 EUR'],
  ['45 тыс. руб.', '45000 RUB'],
  ['1 240 тысяч рублей', '1240000 RUB'],
  ['2,5 тыс. руб.', '2500 RUB'],
  ['12 ҳазор сомонӣ', '12000 TJS'],
  ['1 млн руб', '1000000 RUB'],
  ['1,5 млн', '1500000'],
])('the cost %s is %s', (text, sum) => expect(cost(text)).toBe(sum))

test.each([
  ...['4 x 310 EUR', '-500 EUR', '−500 EUR', '(500 EUR)', '1.24E+5 RUB', 'рейс 802: 500 EUR', '310 EUR + 20 EUR'],
  ...['500-600 EUR', '500 – 600 EUR', '310 руб. 50 коп.', '310 сом', '500 США', '€ рейс 500', '.500 EUR', '0,500 EUR'],
  // Thousands or thousandths: a spreadsheet's own number stands there like this, too.
  ...['1,240 тыс. руб.', '320.695', '5 тыс. 300 руб.', 'тыс. руб. 45', '2 млрд руб.', '802\n500 EUR', '1 2 3 EUR'],
  ...['дорого', '99 999 999 999 999 EUR', '9 999 999 млн руб.', '310 EUR (4 чел.)', '500 EUR/RUB'],
])('%s is no cost, and the note quotes it', (text) => {
  expect(cost(text)).toBeNull()
  expect(note(text)).toEqual({ key: 'removals.import.cost_unread', values: { cell: text } })
})

test.each(['0 EUR', '0', '0,00', '0.00 руб.'])('%s states that there is none', (text) =>
  expect(column('cost').read(text)).toEqual({ value: null }),
)

test('what was worked out is shown beside the cell', () => {
  const read = (sum: string) => ({ key: 'removals.import.cost_read', values: { sum } })
  expect(note('45 тыс. руб.')).toEqual(read('45000 RUB'))
  expect(note('~310 EUR')).toEqual(read('310 EUR'))
  expect(note('310 EUR')).toBeUndefined()
})

test.each([
  ['руб.', 'RUB'],
  ['долл. США', 'USD'],
  ['тыс. руб.', null],
  ['EUR/RUB', null],
])('the currency %s is %s', (text, code) => {
  const reading = column('currency').read(text)
  expect('value' in reading ? reading.value : null).toBe(code)
})

const FIGURES = ['4', '31', '1240', '1 240,50', '0.5']
const BESIDE = ['EUR', 'руб.', '€', '(EUR)']
const OTHER = [
  ...[
    '-',
    '−',
    '–',
    '+',
    'x',
    '×',
    '*',
    '/',
    ':',
    ';',
    '=',
    '%',
    '№',
    '§',
    // Closed again, it holds what may stand there: «4 ( EUR )».
    '(',
    '[',
    'E+5',
    'e5',
    'рейс',
    'за',
    'до',
  ],
  ...['чел', 'НДС', 'сом', 'млрд', '²', '½', '٣'],
]

test('nothing but one figure and its currency is a sum', () => {
  const piece = fc.oneof(fc.constantFrom(...FIGURES), fc.constantFrom(...BESIDE), fc.constantFrom(...OTHER))
  fc.assert(
    fc.property(
      fc.array(piece, { minLength: 1, maxLength: 5 }),
      fc.constantFrom(' ', '\u00a0', '\n'),
      (pieces, gap) => {
        const figures = pieces.filter((one) => FIGURES.includes(one))
        const sum = cost(pieces.join(gap))
        if (figures.length !== 1 || pieces.some((one) => OTHER.includes(one))) expect(sum).toBeNull()
        else if (sum) expect(sum.replace(/ ?(EUR|RUB)$/, '')).toBe(figures[0])
      },
    ),
    { numRuns: 2000 },
  )
})

test('a sum has all digits of its cell, whatever stands there', () => {
  const unit = fc.constantFrom(..."0123456789.,' \u00a0\n-+xEeр€$()~тысмлн".split(''))
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 12 }), (text) => {
      const sum = cost(text.trim())
      if (!sum) return
      expect(text.trim()).not.toMatch(/[-+xEe]\s*\d|\d\s*[-+x]|\d\s*\n\s*\d|^\s*\(\s*\d/)
      const all = text.replace(/\D/g, '')
      expect(sum.replace(/\D/g, '').replace(/0+$/, '')).toBe(all.replace(/0+$/, ''))
    }),
    { numRuns: 5000 },
  )
})
