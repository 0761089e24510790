import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Reading } from '#kernel/imports/kind.ts'
import { readTable } from '#kernel/lists/lists.ts'
import { ROOT } from '#kernel/root.ts'
import { fold } from '#kernel/search/fold.ts'

let codes: Map<string, string> | undefined

// A cell is read without the database, so the list is read from its file, once.
function countryCodes(): Map<string, string> {
  const table = (file: string) => readTable(readFileSync(join(ROOT, 'data/places', file), 'utf8'))
  const countries = table('countries.tsv')
  const known = new Set(countries.map((row) => row.code!))
  const names = countries.flatMap((row) =>
    Object.entries(row)
      .filter(([column]) => column.length === 2)
      .map(([, name]) => [row.code!, name] as const),
  )
  const others = table('names.tsv')
    .filter((row) => known.has(row.code!))
    .map((row) => [row.code!, row.name!] as const)
  return new Map([...others, ...names].filter(([, name]) => name).map(([code, name]) => [fold(name), code]))
}

/** A country by its alpha-2 code or its name in any language of the list. */
export function readCountry(text: string): Reading {
  codes ??= countryCodes()
  const cell = text.trim()
  const code =
    codes.get(fold(cell)) ??
    (/^[A-Za-z]{2}$/.test(cell) && [...codes.values()].includes(cell.toUpperCase()) ? cell.toUpperCase() : undefined)
  return code ? { value: code } : { error: { key: 'vacancies.row.bad_country', values: { value: cell.slice(0, 40) } } }
}
