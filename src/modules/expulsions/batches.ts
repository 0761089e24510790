import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { parseReference } from '#kernel/ids.ts'
import type { StatedName } from '#kernel/people/facts.ts'
import { problem } from '#kernel/problem.ts'
import type { Measure, RowState, Status, Term } from './kinds.ts'

/** A list or decision on its way. `rows`: how many the actor's organisation has of it; null where it has none itself. */
export type BatchLine = {
  id: string
  reference: string
  kind: 'list' | 'decision'
  custodian: string
  custodian_name: string
  letter: string | null
  file_name: string | null
  received_at: Temporal.Instant
  rows: number | null
  /** The hop that waits longest, as far as the actor may see hops. */
  due_at: Temporal.Instant | null
  waiting: number
  hops: number
  questions: number
  /** Refusals at the border in it, for whoever entered it and the Migration Service. */
  refusals: number
} & ListedRows

/** How many rows of a list were not taken in; 0 for a decision. */
type ListedRows = {
  left_out: number
  /** All rows of the list, and those that were here already: for its custodian and who is given every row; null for others. */
  listed: number | null
  same: number | null
  /** Where the left out rows and their reasons stand, for its custodian. */
  import_id: string | null
}

export type BatchFilter = { show?: 'mine' | 'late'; before?: string; limit: number }

/** Batches the actor may see, newest first. `mine`: those its organisation must still confirm; `late`: past a term. */
export async function listBatches(ctx: Ctx, { show, before, limit }: BatchFilter): Promise<BatchLine[]> {
  const { rows } = await sql<Line>`
    ${lines(ctx)}
    where (${before ?? null}::text is null
      or (b.received_at, b.id) < (select x.received_at, x.id from expulsions.batch x where x.reference = ${before ?? null}))
      and (${show !== 'mine'} or exists (
        select from expulsions.delivery d
        where d.batch_id = b.id and d.to_organisation = ${officeOf(ctx)} and d.acknowledged_at is null))
      and (${show !== 'late'} or exists (
        select from expulsions.delivery d
        where d.batch_id = b.id and d.acknowledged_at is null and d.due_at < ${ctx.now}))
    order by b.received_at desc, b.id desc
    limit ${limit}`.execute(ctx.db)
  return withListed(ctx, rows)
}

/** One batch by its reference. Throws the problem `not_found` for one the actor may not see. */
export async function getBatch(ctx: Ctx, reference: string): Promise<BatchLine> {
  const { rows } = await sql<Line>`
    ${lines(ctx)} where b.reference = ${parseReference(reference) ?? ''}`.execute(ctx.db)
  const [batch] = await withListed(ctx, rows)
  if (!batch) throw problem('not_found')
  return batch
}

type Line = Omit<BatchLine, keyof ListedRows>

async function withListed(ctx: Ctx, batches: readonly Line[]): Promise<BatchLine[]> {
  const { rows } = await sql<ListedRows & { batch_id: string }>`
    select * from expulsions.left_out(${batches.map(({ id }) => id)}::uuid[])`.execute(ctx.db)
  const known = new Map(rows.map(({ batch_id, ...listed }) => [batch_id, listed]))
  const nothing: ListedRows = { left_out: 0, listed: null, same: null, import_id: null }
  return batches.map((batch) => ({ ...batch, ...(known.get(batch.id) ?? nothing) }))
}

const lines = (ctx: Ctx) => sql`
  select b.id, b.reference, b.kind, b.custodian, organisations.name_of(b.custodian, ${ctx.lang}) as custodian_name, b.letter,
    b.file_name, b.received_at,
    coalesce(
      (select t.rows from expulsions.tally t where t.batch_id = b.id and t.to_organisation = ${officeOf(ctx)}),
      (select e.rows from expulsions.event e
        where e.batch_id = b.id and e.kind in ('entered', 'decided') and b.custodian = ${officeOf(ctx)} limit 1)) as rows,
    h.due_at, h.waiting, h.hops,
    (select count(*)::int from expulsions.question q where q.batch_id = b.id and q.answered_at is null) as questions,
    (select count(*)::int from expulsions.border_refusal f where f.batch_id = b.id) as refusals
  from expulsions.batch b
  cross join lateral (
    select min(d.due_at) filter (where d.acknowledged_at is null) as due_at,
      (count(*) filter (where d.acknowledged_at is null))::int as waiting, count(*)::int as hops
    from expulsions.delivery d
    where d.batch_id = b.id
  ) h`

/** The organisation the actor acts for; null for the system. */
export const officeOf = ({ actor }: Pick<Ctx, 'actor'>): string | null =>
  actor.kind === 'staff' ? actor.organisation_id : null

/**
 * One hand-over. `followed`: what became of it is seen. Who sent along a route, and does not watch over the exchange, sees that
 * it was `sent`, whatever was held: see the migration of expulsions.sending. `held`: sent, and rows are held; who watches over the
 * exchange alone sees that. For them `sent` is a batch of which all was superseded when it went on: the newer one did.
 * Counts of rows are there for the recipient and for those who watch over the exchange; null for others.
 */
export type Hop = {
  known: 'followed' | 'sent' | 'held'
  to_organisation: string
  to_name: string
  from_organisation: string
  from_name: string
  mandate: string | null
  act: string | null
  sent_at: Temporal.Instant
  due_at: Temporal.Instant
  received_at: Temporal.Instant | null
  acknowledged_at: Temporal.Instant | null
  reminders: number
  escalated_at: Temporal.Instant | null
  rows: number | null
  acknowledged: number | null
}

/** The hops of a batch that the actor may see, in the order in which they began. */
export async function hopsOf(ctx: Ctx, batch_id: string): Promise<Hop[]> {
  const { rows } = await sql<Hop>`
    with hop as (
      select 'followed' as known, d.to_organisation, d.from_organisation, d.route_id, d.sent_at, d.due_at, d.received_at,
        d.acknowledged_at, d.reminders, d.escalated_at
      from expulsions.delivery d
      where d.batch_id = ${batch_id}
      union all
      (select distinct on (g.to_organisation)
        case
          when exists (
            select from expulsions.held x where x.batch_id = g.batch_id and x.to_organisation = g.to_organisation
          ) then 'held'
          else 'sent'
        end,
        g.to_organisation, g.from_organisation, g.route_id, g.sent_at, g.due_at, null, null, 0, null
      from expulsions.sending g
      where g.batch_id = ${batch_id}
        and not exists (
          select
          from expulsions.delivery d
          where d.batch_id = g.batch_id
            and d.to_organisation = g.to_organisation
        )
      order by g.to_organisation, g.sent_at)
    )
    select h.*, organisations.name_of(h.to_organisation, ${ctx.lang}) as to_name,
      organisations.name_of(h.from_organisation, ${ctx.lang}) as from_name, r.mandate, r.act, t.rows, t.acknowledged
    from hop h
    left join expulsions.route r on r.id = h.route_id
    left join expulsions.tally t on t.batch_id = ${batch_id} and t.to_organisation = h.to_organisation
    order by h.sent_at, h.from_organisation, h.due_at, h.to_organisation`.execute(ctx.db)
  return rows
}

export type BatchRow = {
  measure_id: string
  record_id: string
  reference: string
  version: number
  /** As the actor's organisation counts: its own place in the file, or the place in what it was given. */
  number: number
  kind: Measure
  issuer: string | null
  ground: string | null
  decision_no: string | null
  decision_on: Temporal.PlainDate | null
  starts_on: Temporal.PlainDate | null
  term: Term
  ends_on: Temporal.PlainDate | null
  /** How long it holds, as `P3Y6M`: the end is reckoned, or open. */
  lasts: string | null
  executed_on: Temporal.PlainDate | null
  border_point: string | null
  status: Status
  status_on: Temporal.PlainDate | null
  document_hint: string | null
  /** At the actor's organisation; null where it entered the row itself. */
  state: RowState | null
  names: StatedName[]
  birth: number | null
  /** What is stated last, where that is a later version than this. */
  now: StatedNow | null
}

/** What a later version states, as far as it may differ from what stood in a batch. */
type StatedNow = Pick<
  BatchRow,
  'status' | 'ground' | 'kind' | 'term' | 'ends_on' | 'lasts' | 'decision_on' | 'starts_on' | 'executed_on'
>

export type RowFilter = { after?: number; waiting?: boolean; measure_id?: string; limit: number }

/** Rows of a batch as the actor's organisation has them, in their order, with the names of the people. */
export async function rowsOf(ctx: Ctx, batch_id: string, { after = 0, waiting = false, measure_id, limit }: RowFilter) {
  const { rows } = await sql<Omit<BatchRow, 'now'> & NowColumns>`
    with shown as materialized (
      select s.measure_id, s.record_id, m.reference, s.version, coalesce(r.position, s.row_number, 1) as number, s.kind,
        s.issuer, s.ground, s.decision_no, s.decision_on, s.starts_on, s.term, s.ends_on, s.lasts, s.executed_on,
        s.border_point, s.status, s.status_on, s.document_hint, r.state
      from expulsions.statement s
      join expulsions.measure m on m.id = s.measure_id
      left join expulsions.delivery_row r
        on r.batch_id = s.batch_id and r.measure_id = s.measure_id and r.to_organisation = ${officeOf(ctx)}
      where s.batch_id = ${batch_id}
        and (${measure_id ?? null}::uuid is null or s.measure_id = ${measure_id ?? null})
        and coalesce(r.position, s.row_number, 1) > ${after}
        and (not ${waiting} or r.state in ('sent', 'received', 'question', 'answered'))
      order by number
      limit ${limit}
    )
    select s.*, i.names, i.birth, n.status as now_status, n.ground as now_ground, n.kind as now_kind, n.term as now_term,
      n.ends_on as now_ends_on, n.lasts as now_lasts, n.decision_on as now_decision_on, n.starts_on as now_starts_on,
      n.executed_on as now_executed_on
    from shown s
    left join expulsions.identities(${batch_id}, (select array_agg(measure_id) from shown)) i on i.measure_id = s.measure_id
    left join lateral (
      select x.status, x.ground, x.kind, x.term, x.ends_on, x.lasts, x.decision_on, x.starts_on, x.executed_on
      from expulsions.statement x
      where x.measure_id = s.measure_id
        and x.version > s.version
      order by x.version desc
      limit 1
    ) n on true
    order by s.number`.execute(ctx.db)
  return rows.map(withNow)
}

type NowColumns = { [K in keyof StatedNow as `now_${K}`]: StatedNow[K] | null }

function withNow({ now_status, ...row }: Omit<BatchRow, 'now'> & NowColumns): BatchRow {
  const {
    now_ground,
    now_kind,
    now_term,
    now_ends_on,
    now_lasts,
    now_decision_on,
    now_starts_on,
    now_executed_on,
    ...rest
  } = row
  const now = now_status && {
    ...{
      status: now_status,
      ground: now_ground,
      kind: now_kind!,
      term: now_term!,
      ends_on: now_ends_on,
      lasts: now_lasts,
    },
    ...{ decision_on: now_decision_on, starts_on: now_starts_on, executed_on: now_executed_on },
  }
  return { ...rest, now }
}

/** Where one row is at another office: `held` where it may not have it now. `due_at`: until when it is to be confirmed. */
export type RowElsewhere = {
  measure_id: string
  office: string
  state: RowState | 'held'
  due_at: Temporal.Instant | null
}

/** Where rows of a batch are at others, as far as the actor may see it: see the migration of `expulsions.row_states`. */
export async function rowsElsewhere(ctx: Ctx, batch_id: string, measures: readonly string[]): Promise<RowElsewhere[]> {
  const { rows } = await sql<RowElsewhere>`
    select r.measure_id, organisations.name_of(r.to_organisation, ${ctx.lang}) as office, r.state, r.due_at
    from expulsions.row_states(${batch_id}, ${measures}::uuid[]) r
    order by r.measure_id, office, r.to_organisation`.execute(ctx.db)
  return rows
}

/** A refusal at the border, as it stands in a batch. */
export type RefusalRow = {
  id: string
  number: number
  names: StatedName[]
  birth: number | null
  refused_on: Temporal.PlainDate | null
  border_point: string | null
  ground: string | null
}

/** Refusals at the border in a batch, for whoever entered it and the Migration Service; others have none. */
export async function refusalsOf(
  ctx: Ctx,
  batch_id: string,
  { after = 0, limit }: { after?: number; limit: number },
): Promise<RefusalRow[]> {
  const { rows } = await sql<RefusalRow>`
    select * from expulsions.refusals_in(${batch_id}, ${after}, ${limit})`.execute(ctx.db)
  return rows
}

export type BatchEvent = { at: Temporal.Instant; kind: string; organisation: string | null; rows: number | null }

/** What happened to a batch, as far as the actor may see it, the last first. */
export async function eventsOf(ctx: Ctx, batch_id: string, limit = 20): Promise<BatchEvent[]> {
  const { rows } = await sql<BatchEvent>`
    select e.at, e.kind, organisations.name_of(e.organisation_id, ${ctx.lang}) as organisation, e.rows
    from expulsions.event e
    where e.batch_id = ${batch_id}
    order by e.at desc, e.id desc
    limit ${limit}`.execute(ctx.db)
  return rows
}

/** How many batches wait to be confirmed by the actor's organisation. */
export async function countWaiting(ctx: Ctx): Promise<number> {
  const { n } = await ctx.db
    .selectFrom('expulsions.delivery')
    .select((e) => e.fn.countAll<bigint>().as('n'))
    .where('to_organisation', '=', officeOf(ctx))
    .where('acknowledged_at', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(n)
}
