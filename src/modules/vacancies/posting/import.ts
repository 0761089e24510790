import { createHash } from 'node:crypto'
import { audit } from '#kernel/audit/audit.ts'
import type { Ctx } from '#kernel/context.ts'
import { defineImport, type ImportCtx, type ImportRow, type Json } from '#kernel/imports/kind.ts'
import { problem } from '#kernel/problem.ts'
import { employerOf, type KnownEmployer } from '#modules/employers/public.ts'
import { readOneOf } from '../sources/cells.ts'
import { ADVERT_COLUMNS } from '../sources/columns.ts'
import { publishPosting } from './acts.ts'
import { CONTENT_COLUMNS, type Content, readPosting, tidyContent } from './content.ts'
import { createPosting, type Posting, sameContent } from './postings.ts'

const OWN = new Set<string>([...CONTENT_COLUMNS, 'source_id', 'pay'])
const TAKEN = {
  fee: /плат|сбор|взнос|fee|хак|пул/,
  deposit: /залог|депозит|deposit|гарав/,
  deduction: /удерж|вычет|deduct|нигох/,
  nothing: /ничего|нет|^no|nothing|0|хеч|не$/,
}

/** Many adverts of one employer at once: a row is published, or says what is wrong. Its own number knows it again. */
export const postingsImport = defineImport({
  kind: 'postings',
  label: 'vacancies.posting.import.label',
  hint: 'vacancies.posting.import.hint',
  permission: 'vacancy.post',
  own: true,
  fields: [
    ...ADVERT_COLUMNS.filter(({ name }) => OWN.has(name)),
    {
      name: 'takes',
      label: 'vacancies.column.takes',
      headings: ['takes', 'taken from the worker', 'берётся с работника', 'аз коргар гирифта мешавад'],
      read: readOneOf(TAKEN),
    },
  ],

  async check(ctx, rows) {
    const employer = await employerOfImport(ctx)
    const known = await knownPostings(ctx, rows)
    return rows.map((row) => {
      const content = contentOf(row)
      const read = readPosting(ctx, content, employer)
      const posting = known.get(keyOf(row))
      const same = posting?.state === 'out' && sameContent(content, withoutEnd(content, posting))
      return {
        state: posting ? (same ? 'same' : 'changed') : 'new',
        ...(read.ok ? {} : { errors: read.errors }),
      }
    })
  },

  async apply(ctx, rows) {
    const poster = posterOf(ctx)
    const known = await knownPostings(ctx, rows)
    const outcomes = []
    for (const row of rows) {
      const content = contentOf(row)
      const before = known.get(keyOf(row))
      const posting = before ?? (await createPosting(poster, content, { own_key: keyOf(row) }))
      const done = await publishPosting(poster, posting.reference, content, posting.version)
      // The check went before; a row that stopped being an advert since then is a fault.
      if (!done.ok) throw new Error(`Row ${row.number} is no advert: ${Object.keys(done.errors)}`)
      const same = before?.version === done.posting.version
      outcomes.push({
        outcome: same ? ('same' as const) : before ? ('updated' as const) : ('created' as const),
        subject_id: posting.id,
      })
    }
    await audit(ctx, 'posting.import', { type: 'import', id: ctx.import.id }, { rows: rows.length })
    return outcomes
  },
})

async function employerOfImport(ctx: ImportCtx): Promise<KnownEmployer> {
  const employer = await employerOf(ctx, { employer_id: ctx.import.organisation_id })
  if (employer?.state !== 'verified') throw problem('forbidden', { detail: 'vacancies.posting.not_verified' })
  return employer
}

// The job acts for whoever began the import, with nothing but the right to post.
const posterOf = (ctx: ImportCtx): Ctx => ({
  ...ctx,
  actor: {
    kind: 'staff',
    user_id: ctx.import.created_by!,
    organisation_id: ctx.import.organisation_id!,
    permissions: new Set(['vacancy.post']),
    ...{ name: '', organisation_name: '', session_id: '' },
  },
})

async function knownPostings(ctx: ImportCtx, rows: readonly ImportRow[]): Promise<Map<string, Posting>> {
  const found = await ctx.db
    .selectFrom('vacancies.posting')
    .selectAll()
    .where('employer_id', '=', ctx.import.organisation_id)
    .where('own_key', 'in', rows.map(keyOf))
    .execute()
  return new Map(found.map((row) => [row.own_key!, row as unknown as Posting]))
}

// The employer's own number, else what the row offers, so that the same sheet twice changes nothing.
function keyOf({ value }: ImportRow): string {
  const own = value.source_id as string | null | undefined
  if (own) return own.slice(0, 80)
  const parts = ['title', 'country', 'region', 'workplace', 'duties'].map((name) => value[name] ?? '')
  return `row:${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24)}`
}

/** What a row says, in the words that the fields of the form have. */
function contentOf({ value }: ImportRow): Content {
  const pay = (value.pay ?? {}) as { min?: string | null; max?: string | null; currency?: string | null }
  const whole = {
    ...value,
    pay_min: value.pay_min ?? pay.min ?? null,
    pay_max: value.pay_max ?? pay.max ?? null,
    pay_currency: value.pay_currency ?? pay.currency ?? null,
  }
  return tidyContent(Object.fromEntries(Object.entries(whole).map(([name, one]) => [name, wordOf(one)])))
}

function wordOf(value: Json): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (Array.isArray(value)) return value.join('\n')
  return value === null || typeof value === 'object' ? '' : String(value)
}

// A row without an end got one when it was published.
function withoutEnd(content: Content, { published }: Posting): Content | null {
  if (!published || content.expires_on) return published
  const { expires_on: _, ...rest } = published
  return rest
}
