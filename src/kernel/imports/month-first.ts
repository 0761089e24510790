import { sql } from 'kysely'
import type { Ctx } from '../context.ts'
import type { Mapping } from './columns.ts'
import type { ImportField, Reading } from './kind.ts'

const MONTH = '(?:0?[1-9]|1[0-2])'
const LATER = '(?:1[3-9]|2\\d|3[01])'
const YEAR = '(?:\\d{4}|\\d\\d)'
const SLASHES = new RegExp(`(?<![\\d/])(\\d{1,2})/(\\d{1,2})/(${YEAR})(?![\\d/])`, 'g')

/**
 * The fields whose columns write the month before the day, as spreadsheets of the United States do: some cell can be read only so
 * (2/14/1991, 2/14/29), and none only the other way. One cell alone does not tell what 3/4/1991 is; its column does, and where that
 * does not either, the other columns of days, if they agree: one program wrote them all.
 */
export async function monthFirstFields(
  ctx: Pick<Ctx, 'db'>,
  id: string,
  mapping: Mapping,
  fields: readonly ImportField[],
): Promise<Set<string>> {
  const cells = sql`jsonb_array_elements_text(r.raw) with ordinality c (text, place)`
  const { rows } = await sql<{ column: number }>`
    select c.place::int - 1 as column
    from imports.row r
    cross join lateral ${cells}
    where r.import_id = ${id}
      and jsonb_typeof(r.raw) = 'array'
      and r.raw::text ~ ${`[^0-9/]${MONTH}/${LATER}/${YEAR}[^0-9/]`}
      and c.text ~ '/'
    group by c.place
    having bool_or(c.text ~ ${`(?:^|[^0-9/])${MONTH}/${LATER}/${YEAR}(?:$|[^0-9/])`})
    -- Whether one can be read only the other way is asked of the whole file.
      and not exists (
        select
        from imports.row o
        where o.import_id = ${id}
          and o.raw ->> (c.place::int - 1) ~ ${`(?:^|[^0-9/])${LATER}/${MONTH}/${YEAR}(?:$|[^0-9/])`}
      )`.execute(ctx.db)
  const columns = new Set(rows.map(({ column }) => column))
  const found = Object.keys(mapping).filter((name) => columns.has(mapping[name]!))
  const days = fields.filter((field) => field.name in mapping && readsDays(field)).map(({ name }) => name)
  if (!found.some((name) => days.includes(name))) return new Set(found)
  const { rows: others } = await sql`
    select
    from imports.row r
    cross join unnest(${days.map((name) => mapping[name]!)}::integer[]) c (place)
    where r.import_id = ${id}
      and r.raw ->> c.place ~ ${`(?:^|[^0-9/])${LATER}/${MONTH}/${YEAR}(?:$|[^0-9/])`}
    limit 1`.execute(ctx.db)
  return new Set(others.length > 0 ? found : [...found, ...days])
}

// To words, and to numbers of documents, it makes no difference which comes first.
const readsDays = (field: ImportField): boolean => isPlain(field.read('14/2/2011')) && !isPlain(field.read('2/14/2011'))
const isPlain = (reading: Reading) => 'value' in reading && !reading.repaired

/** Reads a cell whose column writes the month first; that it was read so is said. */
export function readMonthFirst(field: ImportField, text: string): Reading {
  const plain = field.read(text)
  // Words, such as the number of a decision: no day is made of them, whatever blanks stand between.
  if ('value' in plain && plain.value === text.replace(/\s+/g, ' ')) return plain
  const turned = text.replace(SLASHES, (_, month, day, year) => `${day}.${month}.${year}`)
  const reading = field.read(turned)
  return turned === text || 'error' in reading || reading.repaired
    ? reading
    : { ...reading, repaired: { key: 'imports.note.month_first' } }
}
