import { audit } from '#kernel/audit/audit.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import { defineImport, type ImportCtx, type ImportRow } from '#kernel/imports/kind.ts'
import { contentHash, knownAdverts, saveAdvert } from './adverts.ts'
import type { Advert } from './sources/advert.ts'
import { ADVERT_COLUMNS } from './sources/columns.ts'
import { ADVERT_FORMATS } from './sources/formats.ts'
import { advertOf } from './sources/read-advert.ts'

/** Adverts from the portal's answers and exports, JSON Lines, CSV and XLSX. */
export const vacanciesImport = defineImport({
  kind: 'vacancies',
  label: 'vacancies.import.label',
  hint: 'vacancies.import.hint',
  permission: 'vacancy.import',
  fields: ADVERT_COLUMNS,
  nativeFormats: ADVERT_FORMATS,

  async check(ctx, rows) {
    const read = rows.map((row) => advertOfRow(ctx, row))
    const known = await knownAdverts(
      ctx,
      read.flatMap((reading) => (reading.ok ? [reading.advert] : [])),
    )
    return read.map((reading) => {
      if (!reading.ok) return { state: 'new', errors: reading.errors }
      const hash = known.get(`${reading.advert.source} ${reading.advert.source_id}`)
      return { state: hash === undefined ? 'new' : hash === contentHash(reading.advert) ? 'same' : 'changed' }
    })
  },

  async apply(ctx, rows) {
    const outcomes = []
    for (const row of rows) {
      const reading = advertOfRow(ctx, row)
      // The check went before; a row that stopped being an advert since then is a fault.
      if (!reading.ok) throw new Error(`Row ${row.number} is no advert: ${Object.keys(reading.errors)}`)
      const { id, outcome } = await saveAdvert(ctx, reading.advert, ctx.import.id)
      outcomes.push({ outcome, subject_id: id })
    }
    await audit(
      ctx,
      'vacancy.import',
      { type: 'import', id: ctx.import.id },
      { rows: rows.length, created: outcomes.filter(({ outcome }) => outcome === 'created').length },
    )
    return outcomes
  },
})

const advertOfRow = (ctx: ImportCtx, { value, raw }: ImportRow) =>
  advertOf(value, { source: sourceOf(ctx), owner: ctx.import.organisation_id, today: plainDate(ctx.now), raw })

// Whose list it is where the rows do not say.
const sourceOf = (ctx: ImportCtx): Advert['source'] =>
  ctx.import.source?.startsWith('trudvsem') ? 'trudvsem' : 'employer'
