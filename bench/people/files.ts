import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { parquetReadObjects } from 'hyparquet'
import { readBirth } from '#kernel/people/matching/birth.ts'
import { readSex } from '#kernel/people/matching/list.ts'
import type { PersonName } from '#kernel/people/matching/names.ts'
import type { PersonRecord } from '#kernel/people/matching/roll.ts'
import { ROOT } from '#kernel/root.ts'

/** Where the lists with known answers lie: `HAMSAFAR_NAME_FIXTURES`, else beside the checkout. They are not part of the product. */
export const FIXTURES = process.env.HAMSAFAR_NAME_FIXTURES ?? join(ROOT, '..', 'shared', 'fixtures', 'names')

/** A list whose doublets are known: `truth` says who each record is. */
export type KnownList = { records: PersonRecord[]; headings: string[]; truth: string[] }

type Row = Record<string, string | null>

/** The file of this name, or null where the fixtures do not have it. */
export const fixture = (name: string): string | null => {
  const file = join(FIXTURES, name)
  return existsSync(file) ? file : null
}

/** Febrl 1 and 3: invented Australians with slips, gaps and exchanged names. */
export function readFebrl(file: string): KnownList {
  const headings = ['street_number', 'address_1', 'address_2', 'suburb', 'postcode', 'state']
  const rows = readRows(file, ',')
  return known(rows, headings, {
    id: 'rec_id',
    truth: (row) => row.rec_id!.split('-')[1]!,
    name: (row) => ({ family: row.surname ?? '', given: row.given_name ?? '' }),
    birth: 'date_of_birth',
    document: 'soc_sec_id',
  })
}

/** Splink's historical figures with errors, by whole name or in parts. */
export async function readHistorical(file: string, parts: boolean): Promise<KnownList> {
  const bytes = readFileSync(file)
  const rows = (await parquetReadObjects({
    file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
  })) as Row[]
  return known(rows, ['birth_place', 'postcode_fake', 'occupation'], {
    id: 'unique_id',
    truth: (row) => row.cluster!,
    name: (row) =>
      parts ? { family: row.surname ?? '', given: row.first_name ?? '' } : { whole: row.full_name ?? '' },
    birth: 'dob',
    sex: 'gender',
  })
}

/** A table with headings; cells without the blanks around them. */
export const readRows = (file: string, delimiter: string): Row[] =>
  parse(readFileSync(file), {
    delimiter,
    columns: (headings: string[]) => headings.map((heading) => heading.trim()),
    trim: true,
    relax_column_count: true,
  })

type Places = {
  id: string
  truth(row: Row): string
  name(row: Row): PersonName
  birth: string
  document?: string
  sex?: string
}

function known(rows: readonly Row[], headings: string[], { id, truth, name, birth, document, sex }: Places): KnownList {
  const records = rows.map((row) => ({
    id: row[id]!,
    names: [name(row)],
    birth: readBirth(row[birth] ?? ''),
    sex: sex ? readSex(row[sex] ?? '') : null,
    documents: document && row[document] ? [row[document]] : [],
    values: headings.map((heading) => row[heading] ?? null),
  }))
  return { records, headings, truth: rows.map(truth) }
}
