import { sql } from 'kysely'
import { authorise } from '#kernel/access/authorise.ts'
import { keysFor } from '#kernel/access/secret-key.ts'
import { openWithAny, seal } from '#kernel/access/secrets.ts'
import { audit } from '#kernel/audit/audit.ts'
import type { Ctx, StaffActor } from '#kernel/context.ts'
import { inTransaction } from '#kernel/db/in-transaction.ts'
import { newId, newReference, parseReference } from '#kernel/ids.ts'
import { defineJob } from '#kernel/jobs/job.ts'
import { enqueue } from '#kernel/jobs/runs.ts'
import type { StatedName, StatedRecord } from '#kernel/people/facts.ts'
import { noteCase } from '#kernel/people/looks.ts'
import { openSource, receiveRecords } from '#kernel/people/receive.ts'
import { dateTimeAt, timeZoneOf } from '#kernel/places/times.ts'
import { problem } from '#kernel/problem.ts'
import { officeOf } from './batches.ts'
import { tellOfProceeding } from './notices.ts'

export const PROCEEDING_STATUSES = ['open', 'ordered', 'appealed', 'released', 'closed'] as const
export const HELP = ['unknown', 'none', 'asked', 'has'] as const
export const CERTIFICATE = ['unknown', 'not_needed', 'asked', 'issued'] as const
export const WAGES = ['unknown', 'no', 'yes'] as const
export const BELONGINGS = ['unknown', 'with_person', 'left'] as const

/** What is known of a proceeding; it is not yet a measure, and help is still possible. */
export type ProceedingFacts = {
  status: (typeof PROCEEDING_STATUSES)[number]
  authority: string | null
  /** A code of `kernel/places`: by its clock hearing and deadline are told. */
  place_code: string
  detained_at: string | null
  detained_on: Temporal.PlainDate | null
  /** The day of the hearing while its hour is not known; else `hearing_at`. */
  hearing_on?: Temporal.PlainDate | null
  hearing_at: Temporal.Instant | null
  decision_on: Temporal.PlainDate | null
  served_on: Temporal.PlainDate | null
  appeal_until: Temporal.Instant | null
  /** The days from service that somebody stated: counted anew whenever service or place changes. */
  appeal_days?: number | null
  /** The rule (`law.rule`) it was counted by; null where somebody stated the days or the last day. */
  appeal_rule?: string | null
  appeal_basis: string | null
  appealed_on: Temporal.PlainDate | null
  lawyer: (typeof HELP)[number]
  interpreter: (typeof HELP)[number]
  visited_on: Temporal.PlainDate | null
  certificate: (typeof CERTIFICATE)[number]
  children: number | null
  wages_owed: (typeof WAGES)[number]
  belongings: (typeof BELONGINGS)[number]
}

export type Proceeding = ProceedingFacts & {
  id: string
  reference: string
  custodian: string
  custodian_name: string
  /** Null while the registry has not received the person. */
  record_id: string | null
  entered_at: Temporal.Instant
  changed_at: Temporal.Instant
  name: StatedName | null
  birth: number | null
}

/** Measures are Russian unless a proceeding says where it is. */
export const RUSSIA = 'RU'
/** Where a day of Russia ends first. */
const ENDS_FIRST = 'Asia/Kamchatka'

/**
 * The clock by which a term ends at a place. Where it is not known, or only that it is in Russia, the one there whose day ends first: by no
 * other is the end sure not to be told too late.
 */
export async function clockOfTerms(ctx: Ctx, place_code: string | null): Promise<string> {
  const known = place_code && place_code !== RUSSIA ? await timeZoneOf(ctx, place_code) : null
  return known ?? ENDS_FIRST
}

/** The last moment for an appeal: the end of the day that lies a term after service, by the clock of the place. */
export const appealEnd = async (
  ctx: Ctx,
  place_code: string | null,
  served_on: Temporal.PlainDate,
  term: { days: number } | { months: number },
): Promise<Temporal.Instant> => dayEnd(served_on.add(term), await clockOfTerms(ctx, place_code))

/** The last minute of a day in a time zone. */
export const dayEnd = (day: Temporal.PlainDate, time_zone: string): Temporal.Instant =>
  day.toZonedDateTime({ timeZone: time_zone, plainTime: '23:59' }).toInstant()

/** When the hearing is, by the clock of its place: a day alone while nobody knows the hour. Null where none is known. */
export async function hearingText(
  ctx: Ctx,
  { hearing_on, hearing_at, place_code }: Pick<Proceeding, 'hearing_on' | 'hearing_at' | 'place_code'>,
): Promise<string | null> {
  if (hearing_at) return dateTimeAt(ctx, hearing_at, place_code)
  return hearing_on ? ctx.t('expulsions.proceeding.hearing_day', { date: ctx.format.date(hearing_on) }) : null
}

/**
 * Records a proceeding at once; the registry takes the person in a job, since it is the owner's. Until then the statement
 * is kept sealed. The Migration Service is told. Returns the reference.
 */
export async function enterProceeding(ctx: Ctx, person: StatedRecord, facts: ProceedingFacts): Promise<string> {
  authorise(ctx, 'expulsion.help')
  const { organisation_id, user_id } = ctx.actor as StaffActor
  const [id, reference] = [newId(), newReference()]
  const [key] = keysFor(ctx.platform.config, 'expulsions')
  const stated_sealed = seal(key!, Buffer.from(JSON.stringify(person)), ownerOf(id))
  await ctx.db
    .insertInto('expulsions.proceeding')
    .values({
      ...facts,
      ...{ id, reference, custodian: organisation_id, stated_sealed, entered_by: user_id },
      ...{ entered_at: ctx.now, changed_at: ctx.now },
    })
    .execute()
  await enqueue(ctx, 'expulsions.receive_proceeding', { id }, { key: id })
  await tellOfProceeding(ctx, organisation_id, reference)
  await audit(ctx, 'proceeding.enter', { type: 'proceeding', id })
  return reference
}

const ownerOf = (id: string) => `expulsions.proceeding ${id}`

const unseal = ({ platform }: Pick<Ctx, 'platform'>, id: string, sealed: Buffer): StatedRecord =>
  JSON.parse(openWithAny(keysFor(platform.config, 'expulsions'), sealed, ownerOf(id)).toString('utf8'))

/** Gives the person of a proceeding to the registry. Repeating it changes nothing. */
export const receiveProceedingJob = defineJob<{ id: string }>({
  async run(job, { id }) {
    await inTransaction(job, async (ctx) => {
      const found = await ctx.db
        .selectFrom('expulsions.proceeding')
        .select(['reference', 'custodian', 'stated_sealed'])
        .where('id', '=', id)
        .where('record_id', 'is', null)
        .forUpdate()
        .executeTakeFirst()
      if (!found?.stated_sealed) return
      const source = await openSource(ctx, { custodian: found.custodian, kind: 'form', label: found.reference })
      const [receipt] = await receiveRecords(ctx, source, [unseal(ctx, id, found.stated_sealed)])
      await ctx.db
        .updateTable('expulsions.proceeding')
        .set({ record_id: receipt!.record_id, stated_sealed: null })
        .where('id', '=', id)
        .execute()
    })
  },
})

/** Puts down what is known now. @throws forbidden where another organisation entered it; conflict when somebody saved since it was read */
export async function changeProceeding(
  ctx: Ctx,
  { id, custodian, changed_at }: Proceeding,
  facts: ProceedingFacts,
): Promise<void> {
  authorise(ctx, 'expulsion.help', { type: 'proceeding', id })
  if (custodian !== officeOf(ctx)) throw problem('forbidden')
  const { numUpdatedRows } = await ctx.db
    .updateTable('expulsions.proceeding')
    .set({ ...facts, appeal_reminded: 0, changed_at: ctx.now })
    .where('id', '=', id)
    .where('changed_at', '=', changed_at)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) throw problem('conflict')
  await audit(ctx, 'proceeding.change', { type: 'proceeding', id }, { status: facts.status })
}

export type ProceedingFilter = {
  all?: boolean
  /** What waits for an appeal: at the actor's office, and elsewhere what ends before this moment. */
  ending?: Temporal.Instant
  reference?: string
  record_ids?: readonly string[]
  limit: number
  offset?: number
}

/** Proceedings by their deadline, the nearest first; without `all` only those in which an appeal is still possible or lies. */
export async function listProceedings(
  ctx: Ctx,
  { all, ending, reference, record_ids, limit, offset = 0 }: ProceedingFilter,
) {
  const found = await ctx.db
    .selectFrom('expulsions.proceeding')
    .selectAll()
    .select(sql<string>`organisations.name_of(custodian, ${ctx.lang})`.as('custodian_name'))
    .$if(!all && !reference, (query) => query.where('status', 'in', ['open', 'ordered', 'appealed']))
    .$if(ending !== undefined, (query) =>
      query
        .where('status', 'in', ['open', 'ordered'])
        .where('appealed_on', 'is', null)
        .where((e) =>
          e.or([
            e('custodian', '=', officeOf(ctx)),
            e.and([e('appeal_until', '>', ctx.now), e('appeal_until', '<=', ending!)]),
          ]),
        )
        .orderBy((e) => e.fn.coalesce(e('appeal_until', '<=', ctx.now), e.val(false))),
    )
    .$if(reference !== undefined, (query) => query.where('reference', '=', reference!))
    .$if(record_ids !== undefined, (query) => query.where('record_id', 'in', [...record_ids!, newId()]))
    .orderBy((e) => e.case().when('status', 'in', ['open', 'ordered']).then(0).else(1).end())
    .orderBy('appeal_until', (order) => order.asc().nullsLast())
    .orderBy('id')
    .limit(limit)
    .offset(offset)
    .execute()
  const { rows: people } = await sql<{ proceeding_id: string; names: StatedName[]; birth: number | null }>`
    select * from expulsions.detained(${found.map(({ id }) => id)}::uuid[])`.execute(ctx.db)
  const known = new Map(people.map((person) => [person.proceeding_id, person]))
  return found.map(({ stated_sealed, ...row }): Proceeding => {
    const person = known.get(row.id) ?? (stated_sealed ? unseal(ctx, row.id, stated_sealed) : null)
    return { ...row, name: person?.names[0] ?? null, birth: person?.birth ?? null } as unknown as Proceeding
  })
}

/** Notes that a page names the person of a proceeding: in the audit, and in the person's own log. */
export const noteProceeding = (ctx: Ctx, { id, record_id }: Pick<Proceeding, 'id' | 'record_id'>): Promise<void> =>
  noteCase(ctx, 'proceeding.open', { type: 'proceeding', id }, record_id, 'help')

/** One proceeding. Throws the problem `not_found` for one the actor may not see. */
export async function getProceeding(ctx: Ctx, reference: string): Promise<Proceeding> {
  const [found] = await listProceedings(ctx, { reference: parseReference(reference) ?? '', limit: 1 })
  if (!found) throw problem('not_found')
  return found
}
