import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { isLang, LANGUAGES } from '#kernel/i18n/languages.ts'
import { defineJob } from '#kernel/jobs/job.ts'
import type { Holder } from '#kernel/my-case/holders.ts'
import { sendSms } from '#kernel/notifications/sms/send-sms.ts'
import { problem } from '#kernel/problem.ts'
import { askForHelp, type Help } from './help.ts'
import type { Facts } from './profile.ts'
import { openFor } from './sealing.ts'
import { getSeeker } from './seekers.ts'

/** A question that waits for the person: whether all is well so many days after the first day of work. */
export type CheckIn = { placement_id: string; application_id: string; day: number; title: string; lang: string }

/** What waits for an answer, the oldest first. */
export async function openCheckIns(ctx: Ctx, { id }: Holder): Promise<CheckIn[]> {
  const { rows } = await sql<CheckIn>`
    select k.placement_id, p.application_id, k.day, a.snapshot ->> 'title' as title, a.snapshot ->> 'lang' as lang
    from applications.check_in k
    join applications.placement p on p.id = k.placement_id
    join applications.application a on a.id = p.application_id
    where a.seeker_id = ${id}
      and a.state <> 'withdrawn'
      and k.due_at <= ${ctx.now}
      and k.answered_at is null
    order by k.due_at`.execute(ctx.db)
  return rows
}

export type Answer = { placement: string; day: number; paid: boolean; papers: boolean; call: boolean }

/**
 * Keeps the answer. A "no" is what we ask for: with `call`, an adviser calls. Answered again, the first answer stays.
 * Answers what is wrong. @throws not_found
 */
export async function answerCheckIn(ctx: Ctx, holder: Holder, answer: Answer): Promise<Help[]> {
  const { placement, day, paid, papers, call } = answer
  const waits = (await openCheckIns(ctx, holder)).find((one) => one.placement_id === placement && one.day === day)
  const wrong: Help[] = [...(paid ? [] : ['not_paid' as const]), ...(papers ? [] : ['no_papers' as const])]
  if (waits)
    await ctx.db
      .updateTable('applications.check_in')
      .set({ answered_at: ctx.now, paid, papers })
      .where('placement_id', '=', placement)
      .where('day', '=', day)
      .execute()
  else if (!(await wasAnswered(ctx, placement, day))) throw problem('not_found')
  if (waits && wrong.length > 0 && call)
    await askForHelp(ctx, await getSeeker(ctx, holder), 'check_in', wrong, waits.application_id)
  return wrong
}

async function wasAnswered(ctx: Ctx, placement: string, day: number): Promise<boolean> {
  const row = await ctx.db
    .selectFrom('applications.check_in')
    .select('day')
    .where('placement_id', '=', placement)
    .where('day', '=', day)
    .where('answered_at', 'is not', null)
    .executeTakeFirst()
  return row !== undefined
}

type Due = {
  placement_id: string
  application_id: string
  day: number
  seeker_id: string
  lang: string
  assisted_by: string | null
  facts_sealed: Buffer
}

/**
 * By the clock: lets people know that a question waits, by the way that they called safe: a message that says nothing, or a call of
 * an adviser. Who wants neither finds the question in *My case*.
 */
export const checkInsJob = defineJob({
  async run(ctx) {
    const { rows } = await sql<Due>`
      select k.placement_id, p.application_id, k.day, s.id as seeker_id, s.lang, s.assisted_by, s.facts_sealed
      from applications.check_in k
      join applications.placement p on p.id = k.placement_id
      join applications.application a on a.id = p.application_id
      join applications.seeker s on s.id = a.seeker_id
      where k.due_at <= ${ctx.now}
        and k.told_at is null
        and k.answered_at is null
        and a.state <> 'withdrawn'
        and s.facts_sealed is not null
      order by k.due_at
      limit 1000`.execute(ctx.db)
    for (const due of rows) {
      ctx.signal.throwIfAborted()
      await ctx.db.transaction().execute((db) => tell({ ...ctx, db }, due))
    }
  },
})

async function tell(
  ctx: Ctx,
  { placement_id, application_id, day, seeker_id, assisted_by, ...due }: Due,
): Promise<void> {
  const facts = openFor<Facts>(ctx, 'seeker.facts', seeker_id, due.facts_sealed)
  const lang = isLang(due.lang) ? due.lang : LANGUAGES[0]
  if (facts.reach === 'sms')
    await sendSms(ctx, {
      ...{ key: 'answer_ready', to: facts.phone, lang, idempotency: `check-in ${placement_id} ${day}` },
    })
  if (facts.reach === 'call')
    await askForHelp(ctx, { id: seeker_id, facts, assisted_by }, 'check_in', ['to_ask'], application_id)
  await ctx.db
    .updateTable('applications.check_in')
    .set({ told_at: ctx.now })
    .where('placement_id', '=', placement_id)
    .where('day', '=', day)
    .execute()
}
