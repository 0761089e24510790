import { describe, expect, test } from 'vitest'
import { guessMapping, splitHeadings } from './columns.ts'
import type { ImportField } from './kind.ts'

const field = (name: string, headings: string[], exact = false): ImportField => ({
  ...{ name, headings, exact, label: 'imports.list.what' },
  read: (value) => ({ value }),
})
const FIELDS = [
  field('begins', ['ban from', 'from'], true),
  field('ends', ['ban', 'ban to', 'to'], true),
  field('paper', ['paper number'], true),
  field('place', ['address']),
]
const guess = (headings: string[], samples: string[][] = []) =>
  guessMapping(
    FIELDS,
    headings.map((heading, column) => ({ column, heading, samples: samples[column] ?? [] })),
    ['details', 'person'],
  )
const rows = (...cells: string[][]) => cells.map((cells, at) => ({ number: at + 1, cells }))
const headingsOf = (...cells: string[][]) => splitHeadings(rows(...cells), FIELDS)?.headings.cells

describe('a mapping is guessed', () => {
  test('by equal headings, but for case, signs, format of dates, numbering and words that add nothing', () => {
    expect(guess(['Paper\nNUMBER:', 'Ban from (dd.mm.yyyy)', '3. Ban to', 'Person details: address'])).toEqual({
      ...{ paper: 0, begins: 1, ends: 2, place: 3 },
    })
  })

  test('by part of a heading only where nothing hangs on it, and where no other column has the same part', () => {
    expect(guess(['Last address in the country', 'Paper number of the father'])).toEqual({ place: 0 })
    expect(guess(['Address here', 'Address there'])).toEqual({})
    expect(guess(['Address from', 'Address there'])).toEqual({})
    expect(guess(['Address from'])).toEqual({})
  })

  test('never of two columns with one heading, nor of a heading that seems to stand over two', () => {
    expect(guess(['Ban', 'Ban'])).toEqual({})
    expect(guess(['Ban', ''], [['01.02.2024'], ['01.02.2029']])).toEqual({})
    expect(guess(['Ban', ''], [['01.02.2024'], []])).toEqual({ ends: 0 })
  })
})

describe('headings of two lines', () => {
  test('become one: a title over several columns stands before each', () => {
    expect(headingsOf(['No.', 'Ban', '', 'Address'], ['', 'from', 'to', ''], ['1', '2', '3', 'x'])).toEqual([
      ...['No.', 'Ban: from', 'Ban: to', 'Address'],
    ])
    // As programs write merged cells that do not know them.
    expect(headingsOf(['No.', 'Ban', 'Ban'], ['No.', 'from', 'to'])).toEqual(['No.', 'Ban: from', 'Ban: to'])
    // Also where the second line names more than the first.
    expect(headingsOf(['List of today'], ['Whom', 'What', ''], ['address', 'from', 'to'])?.at(2)).toBe('What: to')
  })

  test('are told from rows', () => {
    const line = ['address', 'paper number', 'ban']
    expect(splitHeadings(rows(line, ['Street', 'none', 'for ever']), FIELDS)).toMatchObject({
      headings: { cells: line },
      rest: [{ number: 2 }],
    })
    expect(headingsOf(['address', 'ban', ''], ['Street', 'for ever', 'a remark'])).toEqual(['address', 'ban', ''])
    expect(headingsOf(['address', 'ban', ''], ['', '2024', '2029'])).toEqual(['address', 'ban', ''])
  })
})
