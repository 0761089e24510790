import { sql } from 'kysely'
import { authorise } from '#kernel/access/authorise.ts'
import { audit } from '#kernel/audit/audit.ts'
import type { Ctx } from '#kernel/context.ts'
import { arrayOf, recordset } from '#kernel/db/arrays.ts'
import { newId } from '#kernel/ids.ts'
import type { Batch } from './batch-of-import.ts'
import { type QuestionAbout, TERM_HOURS } from './kinds.ts'
import { tellDeciders, tellOfQuestion } from './notices.ts'
import { refusing } from './refusals.ts'
import { DECISION_TERM, newBatch, tellAll } from './relay.ts'
import type { KeptMeasure } from './saving.ts'

/**
 * Asks for the ground and the term of each row that lacks them, person by person: in the name of the Migration Service, of whoever
 * entered the list. It alone knows who sent the letter, and puts the question to them; the Migration Service asks itself about its
 * own lists, for the same reason. A length without its first day is no missing term. A question that is open already stays the one.
 * Owner's connection.
 */
export async function askForMissing(ctx: Ctx, batch: Batch, measures: readonly KeptMeasure[]): Promise<void> {
  const missing = measures.flatMap(({ measure_id, notice: { facts }, now, answers }) => [
    ...(now.term === 'unknown' && !now.lasts && facts.status === 'in_force' && !answers.includes('term')
      ? [{ id: newId(), measure_id, about: 'term' }]
      : []),
    ...(now.ground === null ? [{ id: newId(), measure_id, about: 'ground' }] : []),
  ])
  if (missing.length === 0) return
  await sql`
    insert into expulsions.question (id, measure_id, batch_id, about, from_organisation, to_organisation, asked_at, due_at)
    select x.id, x.measure_id, ${batch.id}, x.about,
      coalesce(
        (
          select b.organisation_id
          from expulsions.body b
          where b.kind = 'migration'
          order by b.organisation_id <> ${batch.custodian}, b.organisation_id
          limit 1
        ),
        ${batch.custodian}
      ),
      ${batch.custodian}, ${ctx.now}, ${ctx.now.add({ hours: TERM_HOURS.question })}
    from ${recordset(missing, { id: 'uuid', measure_id: 'uuid', about: 'text' })} x
    on conflict do nothing`.execute(ctx.db)
}

/**
 * Ends the questions that rows answer: what was asked about measures is stated now. Whoever asked is told. Owner's connection, in the
 * transaction that keeps the rows.
 */
export async function endAnswered(ctx: Ctx, batch: Batch, measures: readonly KeptMeasure[]): Promise<void> {
  const answered = measures.flatMap(({ measure_id, answers }) => answers.map((about) => ({ measure_id, about })))
  if (answered.length === 0) return
  const { rows } = await sql<{ id: string; from_organisation: string; to_organisation: string; reference: string }>`
    update expulsions.question q
    set answered_at = ${ctx.now}, answer = '', stated_in = ${batch.id}
    from ${recordset(answered, { measure_id: 'uuid', about: 'text' })} x, expulsions.batch b
    where q.measure_id = x.measure_id
      and q.about = x.about
      and q.answered_at is null
      and b.id = q.batch_id
    returning q.id, q.from_organisation, q.to_organisation, b.reference`.execute(ctx.db)
  if (rows.length === 0) return
  await sql`
    select expulsions.close_as(${arrayOf(
      'uuid',
      rows.map(({ id }) => id),
    )})`.execute(ctx.db)
  const asked = rows.filter(({ from_organisation, to_organisation }) => from_organisation !== to_organisation)
  for (const { from_organisation, reference } of new Map(
    asked.map((one) => [`${one.from_organisation} ${one.reference}`, one]),
  ).values())
    await tellOfQuestion(ctx, from_organisation, reference, 'answered')
}

/**
 * Asks once more until when measures hold, where that is unknown still: what stated an end had ended the question about it, and is withdrawn.
 * As `expulsions.decide` does where it is refused. Owner's connection.
 */
export async function askAgain(ctx: Ctx, measures: readonly string[]): Promise<void> {
  await sql`
    insert into expulsions.question (id, measure_id, batch_id, about, from_organisation, to_organisation, asked_at, due_at)
    select distinct on (q.measure_id) gen_random_uuid(), q.measure_id, q.batch_id, q.about, q.from_organisation, q.to_organisation,
      ${ctx.now}, ${ctx.now.add({ hours: TERM_HOURS.question })}
    from expulsions.measure m
    join expulsions.statement s on s.measure_id = m.id and s.version = m.latest
    join expulsions.question q on q.measure_id = m.id and q.about = 'term'
    where m.id = any (${arrayOf('uuid', [...measures])})
      and s.term = 'unknown'
      and s.lasts is null
      and s.status = 'in_force'
      and not exists (
        select from expulsions.question o where o.measure_id = m.id and o.about = 'term' and o.answered_at is null
      )
    order by q.measure_id, q.asked_at desc, q.id
    on conflict do nothing`.execute(ctx.db)
}

/** Returns a row to whoever entered it, with a question. Answers false when the same is asked already. */
export async function ask(
  ctx: Ctx,
  batch: { id: string; reference: string },
  measure_id: string,
  about: QuestionAbout,
  words: string | null,
): Promise<boolean> {
  authorise(ctx, 'expulsion.acknowledge', { type: 'batch', id: batch.id })
  const due = ctx.now.add({ hours: TERM_HOURS.question })
  const { rows } = await refusing(
    sql<{ keeper: string | null }>`
      select expulsions.ask(${newId()}, ${batch.id}, ${measure_id}, ${about}, ${words}, ${ctx.now}, ${due}) as keeper`.execute(
      ctx.db,
    ),
  )
  const { keeper } = rows[0]!
  if (!keeper) return false
  await tellOfQuestion(ctx, keeper, batch.reference, 'asked')
  await audit(ctx, 'expulsion.ask', { type: 'batch', id: batch.id }, { about })
  return true
}

/** What an answer puts right: a last day, none, or a length as `P3Y6M`, which is counted. Empty: the words alone are the answer. */
export type Answered = {
  term?: 'until' | 'indefinite'
  ends_on?: Temporal.PlainDate
  lasts?: string
  executed_on?: Temporal.PlainDate
  ground?: string
}

export type Question = {
  id: string
  batch_id: string
  batch: string
  measure_id: string
  measure: string
  kind: string
  row_number: number | null
  about: QuestionAbout
  words: string | null
  /** What the list says where a term is asked for, as it stands there; for who is asked and who asks in the name of the exchange. */
  cell: string | null
  from_organisation: string
  to_organisation: string
  asked_at: Temporal.Instant
  due_at: Temporal.Instant
  answered_at: Temporal.Instant | null
  answer: string | null
  /** The list that stated what was asked, where nobody answered. */
  stated_in: string | null
}

type Asked = { id?: string | null; batch_id?: string | null; open?: boolean; mine?: boolean; limit: number }

/** Questions the actor's organisation asked or is asked: of one batch or of all, the open ones by term. */
export async function listQuestions(
  ctx: Ctx,
  { id = null, batch_id = null, open = false, mine = false, limit }: Asked,
): Promise<Question[]> {
  const organisation = ctx.actor.kind === 'staff' ? ctx.actor.organisation_id : null
  const { rows } = await sql<Question>`
    select q.id, q.batch_id, b.reference as batch, q.measure_id, m.reference as measure, s.kind, s.row_number, q.about, q.words,
      expulsions.asked_cell(q.id) as cell, q.from_organisation, q.to_organisation, q.asked_at, q.due_at, q.answered_at, q.answer,
      l.reference as stated_in
    from expulsions.question q
    join expulsions.batch b on b.id = q.batch_id
    join expulsions.measure m on m.id = q.measure_id
    join expulsions.statement s on s.batch_id = q.batch_id and s.measure_id = q.measure_id
    left join expulsions.batch l on l.id = q.stated_in
    where (${id}::uuid is null or q.id = ${id})
      and (${batch_id}::uuid is null or q.batch_id = ${batch_id})
      and (not ${open} or q.answered_at is null)
      and (not ${mine} or q.to_organisation = ${organisation})
    order by q.answered_at is not null, q.due_at, s.row_number, q.id
    limit ${limit}`.execute(ctx.db)
  return rows.map((row) => ({ ...row, cell: inOneLine(row.cell) }))
}

const MOST_QUOTED = 300
// Without what would turn the words round it: a cell holds anything.
const inOneLine = (cell: string | null) =>
  cell
    ?.replace(/[\s\p{C}]+/gu, ' ')
    .trim()
    .slice(0, MOST_QUOTED) || null

/** One question, by its id; undefined for one the actor may not see. */
export const findQuestion = async (ctx: Ctx, id: string): Promise<Question | undefined> =>
  (await listQuestions(ctx, { id, limit: 1 }))[0]

/**
 * Answers a question. A term or ground that it brings is joined to the row, and goes to everybody who had it. A last day that ends the
 * measure, or brings its end forward, another officer has to confirm first: then it answers false. @throws conflict when the question
 * is answered, or two officers decide about the measure already
 */
export async function answer(ctx: Ctx, question: Question, words: string, change: Answered): Promise<boolean> {
  authorise(ctx, 'expulsion.answer', { type: 'batch', id: question.batch_id })
  const batch = newBatch()
  const facts = JSON.stringify(change)
  const { rows } = await refusing(
    sql<{ told: { to: string; fresh: boolean }[]; deciders: string[] }>`
      select * from expulsions.answer(${question.id}, ${words}, ${facts}::jsonb, ${batch.id}, ${batch.reference},
        ${DECISION_TERM}, ${ctx.now}, ${ctx.now.add({ hours: TERM_HOURS.correction })})`.execute(ctx.db),
  )
  const { told, deciders } = rows[0]!
  await tellAll(ctx, batch.reference, told)
  if (deciders.length > 0) await tellDeciders(ctx, deciders, { measure: question.measure })
  if (question.from_organisation !== question.to_organisation)
    await tellOfQuestion(ctx, question.from_organisation, question.batch, 'answered')
  await audit(ctx, 'expulsion.answer', { type: 'batch', id: question.batch_id }, { about: question.about })
  return deciders.length === 0
}
