import pino from 'pino'
import { expect, test } from 'vitest'
import type { ImportField, ImportKind } from './kind.ts'
import { readRow, remembering, rowReader, wholeRows } from './rows.ts'

const log = pino({ level: 'silent' })
const field = (name: string, more: Partial<ImportField> = {}): ImportField => ({
  ...{ name, label: name, headings: [name], read: (text) => ({ value: text }) },
  ...more,
})
const kindOf = (fields: ImportField[]) => ({ kind: 'test', fields }) as unknown as ImportKind

test('what a row does not state is not stored, and is null for its kind', () => {
  const kind = kindOf([field('name', { required: true }), field('price'), field('colour'), field('unmapped')])
  const reader = rowReader(kind, { native_format: null, mapping: { name: 2, price: 0, colour: 1 } })
  const row = readRow({ log }, kind, reader, ['', ' red ', 'Pear'])
  expect(row).toEqual({ value: { name: 'Pear', colour: 'red' }, notes: {}, state: 'ready' })
  const whole = wholeRows(kind)
  expect(whole({ number: 7, value: row.value })).toEqual({
    number: 7,
    value: { name: 'Pear', price: null, colour: 'red', unmapped: null },
  })
  // As rows were stored before.
  expect(whole({ value: { name: 'Pear', price: null } }).value).toMatchObject({ name: 'Pear', price: null })
  expect(readRow({ log }, kind, reader, ['1', '', '']).notes).toEqual({
    name: { key: 'imports.error.missing', kind: 'error' },
  })
})

test('a text that comes again is not read again; each column reads for itself, however many texts there are', () => {
  let asked = 0
  const upper = field('upper', {
    read: (text) => {
      asked++
      return { value: text.toUpperCase() }
    },
  })
  const lower = field('lower', { read: (text) => ({ value: text.toLowerCase(), repaired: { key: 'seen' } }) })
  const kind = kindOf([upper, lower])
  const reader = rowReader(kind, { native_format: null, mapping: { upper: 0, lower: 1 } })
  const readText = remembering()
  const rows = Array.from({ length: 3_000 }, (_, at) => readRow({ log }, kind, reader, ['Aa', `Bb${at}`], readText))
  expect(asked).toBe(1)
  expect(rows.map(({ value }) => value)).toEqual(rows.map((_, at) => ({ upper: 'AA', lower: `bb${at}` })))
  // A note of one row is nobody else's.
  const [one, other] = [0, 0].map(() => readRow({ log }, kind, reader, ['Aa', 'Bb0'], readText))
  one!.notes.lower!.key = 'changed'
  expect(other!.notes.lower).toEqual({ key: 'seen', kind: 'repaired' })
})
