import type { NativeFormat } from '#kernel/imports/kind.ts'
import { type Advert, SOURCES } from './advert.ts'
import { ADVERT_COLUMNS } from './columns.ts'
import type { Cells } from './read-advert.ts'

// Names of the shape that differ from the columns'.
const RENAMED: Record<string, string> = {
  id: 'source_id',
  url: 'source_url',
  employer: 'employer_name',
  salary_min: 'pay_min',
  salary_max: 'pay_max',
  salary_currency: 'pay_currency',
  salary_period: 'pay_period',
  published_at: 'published_on',
  work_places: 'positions',
}
const COLUMNS = new Set(ADVERT_COLUMNS.map(({ name }) => name))

/**
 * Adverts already brought into one flat shape, a JSON object a line: `id`, `source`, `lang`, `title`, `employer`, `region`,
 * `country`, `salary_min`, `duties` and so on; any other name of a column may stand there too.
 */
export const ADVERT_LINES: NativeFormat = {
  name: 'advert_lines',
  detect: (document) => {
    const [first] = Array.isArray(document) ? document : []
    return (
      typeof first === 'object' && first !== null && ['id', 'source', 'title', 'country'].every((name) => name in first)
    )
  },
  rows: (document) => document as unknown[],
  cells: (record) => lineCells(record as Record<string, unknown>),
}

/** Which source a line names: `trudvsem_2024` is the portal. An unknown name is an employer's own list. */
function sourceOfLine(record: unknown): Advert['source'] {
  const name = String((record as { source?: unknown } | null)?.source ?? '')
  return SOURCES.find((source) => name === source || name.startsWith(`${source}_`)) ?? 'employer'
}

function lineCells(record: Record<string, unknown>): Cells {
  const cells: Cells = {}
  for (const [name, value] of Object.entries(record)) {
    const column = RENAMED[name] ?? name
    if (COLUMNS.has(column)) cells[column] = cellOf(value)
  }
  const [, profession, kind] = /^(.*?)\s*Тип вакансии:\s*(.*)$/s.exec(cells.profession ?? '') ?? []
  if (kind) Object.assign(cells, { profession, contract: cells.contract ?? kind })
  const stated = Boolean(Number(cells.pay_min)) || Boolean(Number(cells.pay_max))
  const portal = sourceOfLine(record) === 'trudvsem'
  return {
    ...cells,
    source: sourceOfLine(record),
    // The portal's own key is in the page's address; a line without one keeps its number in the file.
    source_id: portal
      ? (/\/card\/[^/]+\/([0-9a-f-]{36})/.exec(cells.source_url ?? '')?.[1] ?? cells.source_id)
      : cells.source_id,
    // What the portal calls the region is where the employer is registered.
    ...(portal && { region: null, employer_region: cells.region }),
    pay_period: cells.pay_period ?? (portal && stated ? 'month' : null),
    // A month alone is no day.
    published_on: /^\d{4}-\d{2}-\d{2}/.exec(cells.published_on ?? '')?.[0] ?? null,
    hours: cells.hours?.replace(/^[cс] (?=\d)/, 'с '),
    conditions: [cells.conditions, cellOf(record.extra)].filter(Boolean).join('\n') || null,
    // Numbers in the classifier of professions, not names.
    profession: /^\d+$/.test(cells.profession ?? '') ? null : cells.profession,
  }
}

function cellOf(value: unknown): string | null {
  if (Array.isArray(value)) return value.map(String).join('; ')
  return value === null || value === undefined || typeof value === 'object' ? null : String(value)
}
