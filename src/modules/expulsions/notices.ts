import { sql } from 'kysely'
import type { Ctx } from '#kernel/context.ts'
import { LANGUAGES } from '#kernel/i18n/languages.ts'
import type { NotificationKind } from '#kernel/notifications/kinds.ts'
import { type Notice, notify } from '#kernel/notifications/notify.ts'
import { sendEvent } from '#kernel/webhooks/send-event.ts'

/** Where all batches are listed; one is `/work/expulsions/{reference}`. */
export const BATCHES = '/work/expulsions'

/** Where proceedings are listed; one is `/work/proceedings/{reference}`. */
export const PROCEEDINGS = '/work/proceedings'

/** What an office has to confirm or answer. A mail says only that something waits. */
export const relayNews: NotificationKind = {
  kind: 'expulsions.relay',
  label: 'expulsions.notice.relay_kind',
  mail: 'now',
  gatherMinutes: 5,
  permission: 'expulsion.acknowledge',
}

/** Terms that were missed, for those who watch over the exchange. */
export const escalations: NotificationKind = {
  kind: 'expulsions.escalation',
  label: 'expulsions.notice.escalation_kind',
  mail: 'now',
  gatherMinutes: 5,
  permission: 'expulsion.oversee',
}

/** Somebody is held abroad, and help is possible: for the Migration Service. A mail says only that something waits. */
export const proceedingNews: NotificationKind = {
  kind: 'expulsions.proceeding',
  label: 'expulsions.notice.proceeding_kind',
  mail: 'now',
  gatherMinutes: 5,
  permission: 'expulsion.oversee',
}

/** What programs of offices are told: that something came, never about whom. */
export const BATCH_CAME = 'expulsion_batch.came'
export const DECISION_CAME = 'expulsion_decision.came'

/** Tells an office, and its programs, that a batch has come. */
export async function tellOffice(
  ctx: Ctx,
  organisation_id: string,
  reference: string,
  event: typeof BATCH_CAME | typeof DECISION_CAME = BATCH_CAME,
): Promise<void> {
  await notify(ctx, {
    to: { permission: 'expulsion.acknowledge', organisation_id },
    kind: relayNews.kind,
    key: 'expulsions.notice.came',
    values: { reference },
    href: `${BATCHES}/${reference}`,
    subject: { type: 'batch', id: reference },
    dedupe: `batch ${reference}`,
  })
  await sendEvent(ctx, {
    event,
    organisation_id,
    key: reference,
    // A reference of digits alone would look like a telephone number, and be refused.
    data: { page: `work/expulsions/${reference}` },
  })
}

/** Tells an office that has its copy of them of refusals at the border. */
export const tellOfRefusals = (ctx: Ctx, organisation_id: string, reference: string): Promise<void> =>
  notify(ctx, {
    to: { permission: 'expulsion.read', organisation_id },
    kind: relayNews.kind,
    key: 'expulsions.notice.refusals',
    values: { reference },
    href: `${BATCHES}/${reference}`,
    subject: { type: 'batch', id: reference },
    dedupe: `refusals ${reference}`,
  })

/** Reminds an office of a batch it has not confirmed in its term. */
export const remindOffice = (ctx: Ctx, organisation_id: string, reference: string): Promise<void> =>
  notify(ctx, {
    to: { permission: 'expulsion.acknowledge', organisation_id },
    kind: relayNews.kind,
    key: 'expulsions.notice.late',
    values: { reference },
    href: `${BATCHES}/${reference}`,
    subject: { type: 'batch', id: reference },
    dedupe: `late ${reference}`,
  })

// What an office is called in every language: who reads it reads in their own.
async function namesOf(ctx: Ctx, office: string): Promise<Record<string, string>> {
  const { rows } = await sql<{ lang: string; name: string }>`
    select l.lang, organisations.name_of(${office}, l.lang) as name from unnest(${[...LANGUAGES]}::text[]) l (lang)`.execute(
    ctx.db,
  )
  return Object.fromEntries(rows.map(({ lang, name }) => [`office_${lang}`, name]))
}

/** The bodies of migration: they watch over the exchange, and are given everything. Owner's connection. */
export async function overseers({ db }: Pick<Ctx, 'db'>): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select organisation_id as id from expulsions.body where kind = 'migration' order by organisation_id`.execute(db)
  return rows.map(({ id }) => id)
}

// By what an office is, too: the role alone can be given anywhere.
async function tellOverseers(ctx: Ctx, notice: Omit<Notice, 'to'>): Promise<void> {
  for (const organisation_id of await overseers(ctx))
    await notify(ctx, { ...notice, to: { permission: 'expulsion.oversee', organisation_id } })
}

/** Tells those who watch over the exchange that an office was reminded in vain. */
export const escalate = async (ctx: Ctx, office: string, reference: string): Promise<void> =>
  tellOverseers(ctx, {
    kind: escalations.kind,
    key: 'expulsions.notice.escalated',
    values: { reference, ...(await namesOf(ctx, office)) },
    href: `${BATCHES}/${reference}`,
    subject: { type: 'batch', id: reference },
    dedupe: `escalated ${reference} ${office}`,
  })

/** What waits for two officers: one measure, or what a list states of several. */
type ToDecide = { measure: string } | { list: string }

/** Tells offices that a correction waits for one of their officers; `late`: that its time ends. */
export async function tellDeciders(
  ctx: Ctx,
  offices: readonly string[],
  about: ToDecide,
  { late = false }: { late?: boolean } = {},
): Promise<void> {
  for (const organisation_id of offices)
    await notify(ctx, {
      to: { permission: 'expulsion.correct', organisation_id },
      kind: relayNews.kind,
      key: late ? 'expulsions.notice.decide_late' : 'expulsions.notice.decide',
      values: { reference: 'list' in about ? about.list : about.measure },
      ...placeOf(about),
      dedupe: `decide ${late ? 'late ' : ''}${placeOf(about).href}`,
    })
}

/** Tells offices that what a list had opened for two officers is withdrawn: a corrected version of it says otherwise. */
export async function tellOfWithdrawal(ctx: Ctx, offices: readonly string[], list: string): Promise<void> {
  for (const organisation_id of offices)
    await notify(ctx, {
      to: { permission: 'expulsion.correct', organisation_id },
      kind: relayNews.kind,
      key: 'expulsions.notice.withdrawn',
      values: { reference: list },
      ...placeOf({ list }),
      dedupe: `withdrawn ${list}`,
    })
}

/** Tells whoever brought a list, and those who watch over the exchange, that its newest version lacks rows that nobody lifted. */
export async function tellOfLacking(ctx: Ctx, organisation_id: string, reference: string, rows: number): Promise<void> {
  const news = {
    key: 'expulsions.notice.lacking',
    values: { reference, rows },
    ...placeOf({ list: reference }),
    dedupe: `lacking ${reference}`,
  }
  await notify(ctx, { ...news, to: { permission: 'expulsion.import', organisation_id }, kind: relayNews.kind })
  await tellOverseers(ctx, { ...news, kind: escalations.kind })
}

/** Tells whoever brought a list, and those who watch over the exchange, that no row of it was taken in. */
export async function tellOfUntaken(ctx: Ctx, office: string, import_id: string, rows: number): Promise<void> {
  const news = { values: { rows, ...(await namesOf(ctx, office)) }, dedupe: `untaken ${import_id}` }
  await notify(ctx, {
    ...news,
    to: { permission: 'expulsion.import', organisation_id: office },
    kind: relayNews.kind,
    key: 'expulsions.notice.untaken',
    href: `/work/imports/${import_id}`,
  })
  await tellOverseers(ctx, {
    ...news,
    kind: escalations.kind,
    key: 'expulsions.notice.untaken_there',
    href: BATCHES,
  })
}

/** Tells those who watch over the exchange that nobody decided in time. */
export const escalateDecision = (ctx: Ctx, about: ToDecide): Promise<void> =>
  tellOverseers(ctx, {
    kind: escalations.kind,
    key: 'expulsions.notice.undecided',
    values: { reference: 'list' in about ? about.list : about.measure },
    ...placeOf(about),
    dedupe: `undecided ${placeOf(about).href}`,
  })

const placeOf = (about: ToDecide) =>
  'list' in about
    ? { href: `${BATCHES}/${about.list}`, subject: { type: 'batch', id: about.list } }
    : { href: `${BATCHES}/measures/${about.measure}`, subject: { type: 'measure', id: about.measure } }

/** Reminds an office of questions about rows of a batch, whose time ends. */
export const remindOfQuestions = (ctx: Ctx, organisation_id: string, reference: string): Promise<void> =>
  notify(ctx, {
    to: { permission: 'expulsion.answer', organisation_id },
    kind: relayNews.kind,
    key: 'expulsions.notice.answer_late',
    values: { reference },
    href: `${BATCHES}/${reference}`,
    subject: { type: 'batch', id: reference },
    dedupe: `answer late ${reference}`,
  })

/** Tells those who watch over the exchange that an office did not answer in time. */
export const escalateQuestions = async (ctx: Ctx, office: string, reference: string): Promise<void> =>
  tellOverseers(ctx, {
    kind: escalations.kind,
    key: 'expulsions.notice.unanswered',
    values: { reference, ...(await namesOf(ctx, office)) },
    href: `${BATCHES}/${reference}`,
    subject: { type: 'batch', id: reference },
    dedupe: `unanswered ${reference} ${office}`,
  })

/** Tells an office that it was asked about a row, or that its question is answered. */
export const tellOfQuestion = (
  ctx: Ctx,
  organisation_id: string,
  reference: string,
  what: 'asked' | 'answered',
): Promise<void> =>
  notify(ctx, {
    to: { permission: what === 'asked' ? 'expulsion.answer' : 'expulsion.acknowledge', organisation_id },
    kind: relayNews.kind,
    key: `expulsions.notice.${what}`,
    values: { reference },
    href: `${BATCHES}/${reference}`,
    dedupe: `${what} ${reference}`,
  })

/**
 * Tells the Migration Service that an office recorded a proceeding. Bodies of migration alone, by what they are in the exchange: they
 * get their copy whoever it is about, so that being told says nothing; a sentence holds a reference, and nothing of the person.
 */
export async function tellOfProceeding(ctx: Ctx, office: string, reference: string): Promise<void> {
  const { rows } = await sql<{ organisation_id: string }>`
    select w.id as organisation_id from unnest(expulsions.watchers()) w (id) where w.id <> ${office} order by w.id`.execute(
    ctx.db,
  )
  const names = await namesOf(ctx, office)
  for (const { organisation_id } of rows)
    await notify(ctx, {
      to: { permission: proceedingNews.permission!, organisation_id },
      kind: proceedingNews.kind,
      key: 'expulsions.notice.proceeding',
      values: { reference, ...names },
      ...proceedingOf(reference),
      dedupe: `proceeding ${reference}`,
    })
}

/** Tells bodies of migration that the last day to appeal has come, and the office that recorded the proceeding has not appealed. */
export async function escalateAppeal(
  ctx: Ctx,
  bodies: readonly string[],
  office: string,
  reference: string,
): Promise<void> {
  const names = await namesOf(ctx, office)
  for (const organisation_id of bodies)
    await notify(ctx, {
      to: { permission: escalations.permission!, organisation_id },
      kind: escalations.kind,
      key: 'expulsions.notice.appeal_escalated',
      values: { reference, ...names },
      ...proceedingOf(reference),
      dedupe: `appeal ${reference} escalated`,
    })
}

const proceedingOf = (reference: string) => ({
  href: `${PROCEEDINGS}/${reference}`,
  subject: { type: 'proceeding', id: reference },
})
