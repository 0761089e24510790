import { sql } from 'kysely'
import { authorise } from '#kernel/access/authorise.ts'
import type { Ctx } from '#kernel/context.ts'
import { inLanguage } from '#kernel/i18n/in-language.ts'
import { issueLetter, type LetterLang } from '#kernel/letters/letters.ts'
import type { Part, Sheet } from '#kernel/letters/sheet.ts'
import { nameText, type StatedName } from '#kernel/people/facts.ts'
import { birthText } from '#kernel/people/pages/words.ts'
import { dateTimeHere } from '#kernel/places/times.ts'
import { problem } from '#kernel/problem.ts'
import { type BatchLine, type BatchRow, type Hop, hopsOf, officeOf, rowsOf } from './batches.ts'
import { listQuestions } from './questions.ts'
import { statusText, termText } from './term-text.ts'

/** What can be asked for about a batch. `cover` goes with a hand-over to a recipient. */
export const BATCH_LETTERS = ['cover', 'receipt', 'receipt_rows', 'request'] as const
export type BatchLetter = (typeof BATCH_LETTERS)[number]

/** More would take seconds to draw; a longer list goes as a table, and the letter says how many it has. */
const MOST_ROWS = 500

type Draft = { kind: string; sheet: Sheet; rows: number | null; issuer?: string; recipient: string | null }

/**
 * Issues a letter about a batch and answers its number. What it lists and counts is what the actor's office was given itself:
 * how many rows somebody else got stands in no letter that the sender can open, since it would tell that one was held back.
 * @throws not_found where the office has no part in that hand-over, or has asked nothing
 */
export async function issueBatchLetter(
  ctx: Ctx,
  batch: BatchLine,
  { letter, to, lang }: { letter: BatchLetter; to?: string; lang: LetterLang },
): Promise<string> {
  authorise(ctx, 'expulsion.acknowledge', { type: 'batch', id: batch.id })
  const inside = inLanguage(ctx, lang)
  const hops = await hopsOf(inside, batch.id)
  const draft =
    letter === 'cover'
      ? await cover(inside, batch, hops, to)
      : letter === 'request'
        ? await request(inside, batch)
        : await receipt(inside, batch, hops, letter === 'receipt_rows')
  if (!draft) throw problem('not_found')
  return issueLetter(ctx, {
    ...draft,
    lang,
    permission: 'expulsion.read',
    subject: { type: 'batch', id: batch.reference },
  })
}

async function cover(ctx: Ctx, batch: BatchLine, hops: readonly Hop[], to: string | undefined): Promise<Draft | null> {
  const { t, format } = ctx
  const office = officeOf(ctx)
  const hop = hops.find((one) => one.to_organisation === to && [one.from_organisation, to].includes(office!))
  if (!hop) return null
  const decision = batch.kind === 'decision'
  // A decision is one row: where it is seen to be handed over, it was not held. The rows of a list only its recipient may count.
  const listed = hop.to_organisation === office || (decision && hop.known === 'followed')
  const rows = listed ? await rowsOf(ctx, batch.id, { limit: MOST_ROWS + 1 }) : []
  const count = listed ? (decision ? rows.length : (batch.rows ?? rows.length)) : null
  const kind = decision ? 'expulsions.letter.decision' : 'expulsions.letter.cover'
  const custodian = await nameOf(ctx, batch.custodian)
  return {
    ...{ kind, rows: count, issuer: hop.from_organisation, recipient: hop.to_organisation },
    sheet: {
      ...{ from: [hop.from_name], to: [hop.to_name], signed: true },
      heading: t(decision ? 'expulsions.letter.decision_to' : 'expulsions.letter.cover_to', {
        reference: batch.reference,
      }),
      parts: [
        { kind: 'text', text: t(decision ? 'expulsions.sheet.decision' : 'expulsions.sheet.cover') },
        pairs([
          [t('expulsions.sheet.batch'), batch.reference],
          [t('expulsions.sheet.letter'), batch.letter],
          [t('expulsions.sheet.entered_by'), custodian],
          [t('expulsions.sheet.sent'), dateTimeHere(ctx, hop.sent_at)],
          [t('expulsions.sheet.mandate'), hop.mandate ? `${hop.mandate} (${hop.act})` : t('expulsions.relay.copy')],
          [t('expulsions.sheet.confirm_by'), dateTimeHere(ctx, hop.due_at)],
          [t('expulsions.sheet.rows'), count === null ? null : format.number(count)],
        ]),
        ...leftOut(ctx, batch, custodian),
        ...table(ctx, rows, count),
        { kind: 'text', text: t('expulsions.sheet.ask_confirm') },
      ],
    },
  }
}

// So that nobody takes a list that is short by a row for the whole of it. A count that tells nothing of rows that are held: also where
// all of them are, it goes with the letter.
const leftOut = ({ t }: Ctx, { left_out }: BatchLine, office: string): Part[] =>
  left_out === 0
    ? []
    : [
        {
          kind: 'text',
          text: `${t('expulsions.batch.left_out', { count: left_out })} ${t('expulsions.batch.left_out.ask', { office })}`,
        },
      ]

/**
 * A receipt: with every row and its state for the office that watches over the exchange; without, from that office to the
 * sender. Of others the sender gets none: where a list of one is held, the receipt that does not come would tell.
 */
async function receipt(ctx: Ctx, batch: BatchLine, hops: readonly Hop[], withRows: boolean): Promise<Draft | null> {
  const { t, format } = ctx
  const hop = hops.find(({ to_organisation }) => to_organisation === officeOf(ctx))
  if (!hop || !(withRows || (await watches(ctx)))) return null
  const watcher = withRows ? await watcherOf(ctx) : null
  const rows = withRows ? await rowsOf(ctx, batch.id, { limit: MOST_ROWS + 1 }) : []
  const count = withRows ? (batch.rows ?? rows.length) : null
  const shown = watcher?.id === hop.to_organisation ? null : watcher
  return {
    ...{ kind: withRows ? 'expulsions.letter.receipt_rows' : 'expulsions.letter.receipt', rows: count },
    recipient: withRows ? (shown?.id ?? null) : hop.from_organisation,
    sheet: {
      ...{ from: [hop.to_name], to: withRows ? (shown ? [shown.name] : []) : [hop.from_name], signed: true },
      heading: t('expulsions.letter.receipt_of', { reference: batch.reference }),
      parts: [
        {
          kind: 'text',
          text: t(hop.acknowledged_at ? 'expulsions.sheet.receipt_whole' : 'expulsions.sheet.receipt_part'),
        },
        pairs([
          [t('expulsions.sheet.batch'), batch.reference],
          [t('expulsions.sheet.letter'), batch.letter],
          [t('expulsions.sheet.sent'), dateTimeHere(ctx, hop.sent_at)],
          [t('expulsions.sheet.received'), hop.received_at && dateTimeHere(ctx, hop.received_at)],
          [t('expulsions.sheet.confirmed'), hop.acknowledged_at && dateTimeHere(ctx, hop.acknowledged_at)],
          [t('expulsions.sheet.rows'), count === null ? null : format.number(count)],
        ]),
        ...(withRows ? table(ctx, rows, count, true) : []),
      ],
    },
  }
}

/** What is missing, person by person: the questions that the actor's office has open about rows it was given. */
async function request(ctx: Ctx, batch: BatchLine): Promise<Draft | null> {
  const { t, format } = ctx
  const office = officeOf(ctx)
  const open = (await listQuestions(ctx, { batch_id: batch.id, open: true, limit: MOST_ROWS })).filter(
    ({ from_organisation }) => from_organisation === office,
  )
  const [first] = open
  if (!first) return null
  const { rows: people } = await sql<{ measure_id: string; names: StatedName[]; birth: number | null }>`
    select i.measure_id, i.names, i.birth
    from expulsions.identities(${batch.id}, ${open.map(({ measure_id }) => measure_id)}::uuid[]) i`.execute(ctx.db)
  const who = new Map(people.map((person) => [person.measure_id, person]))
  const own = await nameOf(ctx, office!)
  // About its own list an office asks whoever sent the letter: who that is stands in the letter alone.
  const keeper = first.to_organisation === office ? null : await nameOf(ctx, first.to_organisation)
  return {
    ...{ kind: 'expulsions.letter.request', rows: open.length, recipient: keeper && first.to_organisation },
    sheet: {
      ...{ from: [own], to: keeper ? [keeper] : [], signed: true },
      heading: t('expulsions.letter.request_about', { reference: batch.reference }),
      parts: [
        { kind: 'text', text: t('expulsions.sheet.request') },
        pairs([
          [t('expulsions.sheet.batch'), batch.reference],
          [t('expulsions.sheet.letter'), batch.letter],
          [t('expulsions.sheet.rows'), format.number(open.length)],
        ]),
        {
          kind: 'table',
          columns: [
            { label: t('expulsions.sheet.column.number'), width: 1 },
            { label: t('expulsions.sheet.column.person'), width: 5 },
            { label: t('expulsions.sheet.column.measure'), width: 4 },
            { label: t('expulsions.sheet.column.missing'), width: 4 },
            { label: t('expulsions.sheet.column.until'), width: 3 },
          ],
          rows: open.map((question, index) => [
            format.number(index + 1),
            `${personText(who.get(question.measure_id))}\n${question.measure}`,
            t(`expulsions.code.measure.${question.kind}`),
            [
              question.words ?? t(`expulsions.code.about.${question.about}`),
              question.cell && t('expulsions.question.cell', { cell: question.cell }),
            ]
              .filter(Boolean)
              .join('\n'),
            format.date(question.due_at),
          ]),
        },
        { kind: 'text', text: t('expulsions.sheet.request_empty') },
      ],
    },
  }
}

/** Rows as a table; only how many there are where they are too many for paper. */
function table(ctx: Ctx, rows: readonly BatchRow[], count: number | null, states = false): Part[] {
  const { t, format } = ctx
  if (rows.length === 0) return []
  if (rows.length > MOST_ROWS)
    return [{ kind: 'text', text: t('expulsions.sheet.too_many', { count: format.number(count ?? rows.length) }) }]
  return [
    {
      kind: 'table',
      columns: [
        { label: t('expulsions.sheet.column.number'), width: 1 },
        { label: t('expulsions.sheet.column.person'), width: 5 },
        { label: t('expulsions.sheet.column.measure'), width: 4 },
        { label: t('expulsions.sheet.column.term'), width: 3 },
        states
          ? { label: t('expulsions.sheet.column.state'), width: 4 }
          : { label: t('expulsions.sheet.column.ground'), width: 4 },
      ],
      rows: rows.map((row) => [
        format.number(row.number),
        `${personText(row)}\n${row.reference}`,
        [
          t(`expulsions.code.measure.${row.kind}`),
          row.status === 'in_force' ? null : statusText(ctx, row.status, row.status_on),
        ]
          .filter(Boolean)
          .join(': '),
        termText(ctx, row),
        states ? (row.state ? t(`expulsions.code.row.${row.state}`) : '–') : (row.ground ?? t('ui.not_stated')),
      ]),
    },
  ]
}

const personText = (person: { names: readonly StatedName[]; birth: number | null } | undefined): string =>
  [person?.names[0] && nameText(person.names[0]), person?.birth && birthText(person.birth)]
    .filter(Boolean)
    .join(', ') || '–'

const pairs = (rows: readonly (readonly [string, string | null])[]): Part => ({
  kind: 'pairs',
  rows: rows.filter((row): row is readonly [string, string] => row[1] !== null),
})

async function watcherOf(ctx: Ctx): Promise<{ id: string; name: string } | null> {
  const { rows } = await sql<{ id: string | null; name: string | null }>`
    select w.id, organisations.name_of(w.id, ${ctx.lang}) as name from (select expulsions.watcher() as id) w`.execute(
    ctx.db,
  )
  const { id, name } = rows[0]!
  return id && name ? { id, name } : null
}

/** Whether the actor's office is given every row, so that what it confirms tells nothing of anybody. */
export async function watches(ctx: Ctx): Promise<boolean> {
  const { rows } = await sql<{ is: boolean }>`
    select ${officeOf(ctx)}::uuid = any (expulsions.watchers()) as is`.execute(ctx.db)
  return rows[0]!.is
}

/** What an organisation is called in the language of the context. */
export async function nameOf(ctx: Ctx, organisation_id: string): Promise<string> {
  const { rows } = await sql<{ name: string }>`
    select organisations.name_of(${organisation_id}, ${ctx.lang}) as name`.execute(ctx.db)
  return rows[0]!.name
}
