import { createRoute, z } from '@hono/zod-openapi'
import { sql } from 'kysely'
import { LIMITS } from '#kernel/imports/files/table.ts'
import { getImport, IMPORT_STATES, startImport } from '#kernel/imports/imports.ts'
import { noteText } from '#kernel/imports/notes.ts'
import { nextRows } from '#kernel/imports/rows.ts'
import type { Api } from '#kernel/module.ts'
import { problem } from '#kernel/problem.ts'
import { listImport } from './import.ts'

const PERMISSION = 'expulsion.import'
const PATH = '/api/v1/expulsions/batches'
const security = [{ signature: [] }]

const Sent = z.object({ id: z.uuid(), report: z.url() }).openapi('SentBatch')

const Report = z
  .object({
    id: z.uuid(),
    state: z.enum(IMPORT_STATES).openapi({ description: '`done`, `failed`, `cancelled`: ended.' }),
    problem: z.string().nullable().openapi({ description: 'Why the file could not be read.' }),
    sheet: z.string().nullable().openapi({ description: 'Of a workbook: the sheet that was read.' }),
    batch: z
      .string()
      .nullable()
      .openapi({ description: 'The reference under which offices speak of it.', example: 'K7QF-92MX' }),
    rows: z.int(),
    created: z.int(),
    updated: z.int(),
    same: z.int().openapi({ description: 'Here already; nothing was changed.' }),
    errors: z.int().openapi({ description: 'Rows left out.' }),
    doubtful: z.int().openapi({
      description: 'Rows with a measure in force whose last day is past. Where most are, the list is refused.',
    }),
    hidden_sheets: z
      .array(z.string())
      .openapi({ description: 'Of a workbook: sheets that nobody sees. They were not read.' }),
    page: z.url().openapi({ description: 'The same for your officers.' }),
  })
  .openapi('BatchReport')

const Row = z
  .object({
    number: z.int().openapi({ description: 'As a person finds it in the file.' }),
    state: z.enum(['read', 'ready', 'repaired', 'error', 'same', 'imported']),
    outcome: z.enum(['created', 'updated', 'same']).nullable(),
    measure: z.string().nullable().openapi({ description: 'The reference of the measure.' }),
    notes: z.array(
      z.object({
        field: z.string().openapi({ description: 'Empty: the whole row.' }),
        kind: z.enum(['repaired', 'error']),
        code: z.string(),
        text: z.string().openapi({ description: 'In the language of Accept-Language.' }),
      }),
    ),
  })
  .openapi('BatchRow')

const binary = { schema: z.string().openapi({ format: 'binary' }) }
const sendRoute = createRoute({
  method: 'post',
  path: PATH,
  summary: 'Send a list of measures',
  description: [
    'A list as it is: CSV, XLSX, JSON (a list of plain objects) or JSON Lines, with headings as offices write them. It goes the way of',
    'a list that an officer imports: what is sound is taken and passed on by the routes, what is not stands in the report. A heading that may be',
    'one of name, birth, document, measure, term, status or decision and is not understood refuses the list, until an officer has said on the page',
    'what it is; so does a list in which most measures that are in force have an end that is past. A workbook with',
    'rows on several visible sheets is refused unless `sheet` names one: send each by a call of its own. Signed, with Idempotency-Key: see',
    '"Calls by programs" in docs/standards.md.',
  ].join(' '),
  security,
  request: {
    query: z.object({
      letter: z.string().trim().min(1).max(200).optional().openapi({
        description: 'Number and date of the letter it came with: a later list under the same letter corrects it.',
      }),
      name: z.string().trim().min(1).max(200).default('list').openapi({ description: 'What the file is called.' }),
      sheet: z.string().min(1).max(200).optional().openapi({
        description:
          'XLSX: the sheet to read, by its name. Without it one visible sheet alone may have rows; else the report says `failed`, and names them.',
      }),
    }),
    body: { content: { 'text/csv': binary, 'application/x-ndjson': binary } },
  },
  responses: {
    202: { description: 'Taken; the report follows', content: { 'application/json': { schema: Sent } } },
    401: { description: 'Not signed by a key that is known' },
    403: { description: 'The key has not this right' },
    409: { description: 'Another call was made with this Idempotency-Key' },
    413: { description: 'More than 32 MB' },
  },
})

const asked = { params: z.object({ id: z.uuid() }) }
const failures = {
  401: { description: 'Not signed by a key that is known' },
  403: { description: 'The key has not this right' },
  404: { description: 'No such batch of yours' },
}
const reportRoute = createRoute({
  method: 'get',
  path: `${PATH}/{id}`,
  summary: 'What became of a list',
  security,
  request: asked,
  responses: { 200: { description: 'So far', content: { 'application/json': { schema: Report } } }, ...failures },
})

const Rows = z.object({ items: z.array(Row), next: z.int().nullable() }).openapi('BatchRows')
const rowsRoute = createRoute({
  method: 'get',
  path: `${PATH}/{id}/rows`,
  summary: 'What became of its rows',
  security,
  request: {
    ...asked,
    query: z.object({
      after: z.coerce
        .number()
        .int()
        .min(-1)
        .max(1e7)
        .default(-1)
        .openapi({ description: 'The `next` of the page before.' }),
      limit: z.coerce.number().int().min(1).max(1000).default(200),
    }),
  },
  responses: {
    200: { description: 'Rows in their order', content: { 'application/json': { schema: Rows } } },
    ...failures,
  },
})

/** Lists of measures by the programs of organisations: the same way as a file that an officer imports. */
export function expulsionsApi(api: Api): void {
  api.openAPIRegistry.registerComponent('securitySchemes', 'signature', {
    type: 'http',
    scheme: 'signature',
    description: 'HTTP Message Signatures (RFC 9421) of Ed25519',
  })
  api.openapi(sendRoute, async (c) => {
    const { letter = null, name, sheet } = c.req.valid('query')
    const sent = await c.var.asClient(
      PERMISSION,
      async (ctx, bytes) => {
        if (bytes.length === 0) throw problem('invalid', { detail: 'imports.problem.empty' })
        const id = await startImport(ctx, listImport, { name, bytes }, letter, { unattended: true, sheet })
        return { id, report: `${ctx.platform.config.origin}${PATH}/${id}` }
      },
      { limit: LIMITS.bytes },
    )
    return c.json(sent, 202)
  })
  api.openapi(reportRoute, async (c) => {
    const { id } = c.req.valid('param')
    const report = await c.var.asClient(PERMISSION, async (ctx) => {
      const found = await getImport(ctx, id)
      if (found.kind !== listImport.kind) throw problem('not_found')
      const batch = await ctx.db
        .selectFrom('expulsions.batch')
        .select('reference')
        .where('import_id', '=', id)
        .executeTakeFirst()
      const { state, sheet, hidden_sheets, rows, created, updated, same, errors, doubtful } = found
      return {
        ...{ id, state, sheet, hidden_sheets, rows, created, updated, same, errors, doubtful },
        batch: batch?.reference ?? null,
        problem: found.problem && noteText(ctx, found.problem),
        page: `${ctx.platform.config.origin}/${ctx.lang}/work/imports/${id}`,
      }
    })
    return c.json(report, 200)
  })
  api.openapi(rowsRoute, async (c) => {
    const { id } = c.req.valid('param')
    const { after, limit } = c.req.valid('query')
    const page = await c.var.asClient(PERMISSION, async (ctx) => {
      if ((await getImport(ctx, id)).kind !== listImport.kind) throw problem('not_found')
      const rows = await nextRows(ctx, id, after, limit)
      const measures = await ctx.db
        .selectFrom('expulsions.measure')
        .select(['id', 'reference'])
        .where(sql<boolean>`id = any(${rows.flatMap(({ subject_id }) => subject_id ?? [])}::uuid[])`)
        .execute()
      const references = new Map(measures.map(({ id, reference }) => [id, reference]))
      const items = rows.map(({ number, state, outcome, subject_id, notes }) => ({
        ...{ number, state, outcome, measure: (subject_id && references.get(subject_id)) ?? null },
        notes: Object.entries(notes).map(([field, note]) => ({
          ...{ field, kind: note.kind, code: note.key, text: noteText(ctx, note) },
        })),
      }))
      return { items, next: rows.length === limit ? rows.at(-1)!.number : null }
    })
    return c.json(page, 200)
  })
}
