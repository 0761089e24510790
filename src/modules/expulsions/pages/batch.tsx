import type { Context } from 'hono'
import { z } from 'zod'
import { may } from '#kernel/access/authorise.ts'
import { audit } from '#kernel/audit/audit.ts'
import type { Ctx } from '#kernel/context.ts'
import { ExportLinks } from '#kernel/exports/pages/links.tsx'
import { readForm } from '#kernel/http/forms.ts'
import { definePage, localPath, seeOther } from '#kernel/http/page.ts'
import { readAbout } from '#kernel/notifications/inbox.ts'
import { problem } from '#kernel/problem.ts'
import { Card, Crumb, Headline } from '#kernel/ui/blocks.tsx'
import { Button } from '#kernel/ui/buttons.tsx'
import { Note } from '#kernel/ui/states.tsx'
import { Totals } from '#kernel/ui/work.tsx'
import { WorkPage } from '#kernel/ui/work-layout.tsx'
import { type BatchLine, eventsOf, getBatch, type Hop, hopsOf, officeOf } from '../batches.ts'
import { QUESTIONS } from '../kinds.ts'
import { BATCHES } from '../notices.ts'
import { ask, listQuestions } from '../questions.ts'
import { acknowledge, receiveBatch } from '../relay.ts'
import { BatchLetters } from './batch-letters.tsx'
import { Lacking } from './lacking.tsx'
import { batchTitle } from './list.tsx'
import { Relay } from './relay.tsx'
import { numberAsked, Refusals, RowTable, rowsAsked } from './rows.tsx'
import { durationText } from './words.tsx'

const SHOWN_QUESTIONS = 10

/** One batch: where it is, hop by hop, its rows, its questions, and what happened. Looking at it counts as having received it. */
export const batchPage = definePage({
  path: `${BATCHES}/:reference`,
  access: 'expulsion.read',
  async get(ctx, c) {
    const batch = await ofRequest(ctx, c)
    await receiveBatch(ctx, batch.id)
    await readAbout(ctx, { type: 'batch', id: batch.reference })
    await audit(ctx, 'expulsion.open', { type: 'batch', id: batch.id })
    return <Batch ctx={ctx} batch={batch} url={new URL(c.req.url)} />
  },
})

/** Confirms all rows, or those that were ticked. */
export const acknowledgementPage = definePage({
  path: `${BATCHES}/:reference/acknowledgement`,
  access: 'expulsion.acknowledge',
  async post(ctx, c, form) {
    const batch = await ofRequest(ctx, c)
    const read = readForm(z.object({ rows: z.array(z.uuid()).optional(), all: z.literal('yes').optional() }), form)
    if (!read.ok) throw problem('bad_request')
    const { rows, all } = read.value
    if (!all && !rows) return seeOther(ctx, c, `${BATCHES}/${batch.reference}?done=none`)
    const count = await acknowledge(ctx, batch, all ? null : rows!)
    return seeOther(ctx, c, `${BATCHES}/${batch.reference}?done=${count}`)
  },
})

/** Returns a row with a question. */
export const questionsPage = definePage({
  path: `${BATCHES}/:reference/questions`,
  access: 'expulsion.acknowledge',
  async post(ctx, c, form) {
    const batch = await ofRequest(ctx, c)
    const Asked = z.object({ row: z.uuid(), about: z.enum(QUESTIONS), words: z.string().max(500).optional() })
    const read = readForm(Asked, form)
    if (!read.ok) throw problem('bad_request')
    const { row, about, words } = read.value
    const asked = await ask(ctx, batch, row, about, words ?? null)
    return seeOther(ctx, c, `${BATCHES}/${batch.reference}?done=${asked ? 'asked' : 'open'}`)
  },
})

const ofRequest = (ctx: Ctx, c: Context) => getBatch(ctx, c.req.param('reference')!)

async function Batch({ ctx, batch, url }: { ctx: Ctx; batch: BatchLine; url: URL }) {
  const { t } = ctx
  const hops = await hopsOf(ctx, batch.id)
  const mine = hops.find(({ to_organisation }) => to_organisation === officeOf(ctx))
  const open = mine && !mine.acknowledged_at && may(ctx, 'expulsion.acknowledge')
  const path = `${BATCHES}/${batch.reference}`
  return (
    <WorkPage
      ctx={ctx}
      title={t('expulsions.batch.title', { reference: batch.reference })}
      current={BATCHES}
      path={path}
    >
      <Crumb href={localPath(ctx, BATCHES)} label={t('expulsions.list.title')} />
      <Headline
        title={t('expulsions.batch.title', { reference: batch.reference })}
        lead={`${batchTitle(ctx, batch)} · ${batch.custodian_name}`}
      >
        {open && (
          <form method="post" action={localPath(ctx, `${path}/acknowledgement`)}>
            <input type="hidden" name="all" value="yes" />
            <Button icon="s-ok">{t('expulsions.batch.acknowledge')}</Button>
          </form>
        )}
        {(batch.rows !== null || batch.refusals > 0) && (
          <ExportLinks
            ctx={ctx}
            href={(ending) => localPath(ctx, `${BATCHES}/rows${ending}?batch=${batch.reference}`)}
          />
        )}
      </Headline>
      <Done ctx={ctx} done={url.searchParams.get('done')} />
      <Lacking ctx={ctx} batch_id={batch.id} />
      <Totals items={totals(ctx, batch, hops)} />
      <Listed ctx={ctx} batch={batch} />
      {(hops.length > 0 || batch.refusals === 0) && <Relay ctx={ctx} batch={batch} hops={hops} />}
      <RowTable ctx={ctx} batch={batch} asked={rowsAsked(url)} open={open === true} />
      <Refusals ctx={ctx} batch={batch} after={numberAsked(url.searchParams.get('refused'))} />
      <div class="pair">
        <Questions ctx={ctx} batch={batch} />
        <Events ctx={ctx} batch={batch} />
      </div>
      <BatchLetters ctx={ctx} batch={batch} hops={hops} />
    </WorkPage>
  )
}

function Done({ ctx, done }: { ctx: Ctx; done: string | null }) {
  if (done === null) return null
  const count = /^\d{1,7}$/.test(done) ? Number(done) : null
  if (count !== null) return <Note state="ok" title={ctx.t('expulsions.done.acknowledged', { count })} announce />
  return ['none', 'asked', 'open', 'answered'].includes(done) ? (
    <Note state={done === 'none' ? 'attention' : 'ok'} title={ctx.t(`expulsions.done.${done}`)} announce />
  ) : null
}

function totals(ctx: Ctx, batch: BatchLine, hops: readonly Hop[]) {
  const { t, format } = ctx
  const followed = hops.filter(({ known }) => known === 'followed')
  const late = followed.filter(
    ({ acknowledged_at, due_at }) => !acknowledged_at && Temporal.Instant.compare(due_at, ctx.now) < 0,
  )
  const done = followed.filter(({ acknowledged_at }) => acknowledged_at).length
  return [
    ...(batch.rows === null ? [] : [{ label: t('expulsions.batch.people'), value: format.number(batch.rows) }]),
    ...(batch.refusals === 0 ? [] : [{ label: t('expulsions.panel.refusals'), value: format.number(batch.refusals) }]),
    ...(hops.length === 0 && batch.refusals > 0
      ? []
      : [
          {
            label: t('expulsions.batch.confirmed'),
            value: format.number(done),
            unit: t('expulsions.batch.of_offices', { count: followed.length }),
          },
        ]),
    { label: t('expulsions.batch.on_the_way'), value: durationText(ctx, batch.received_at, ctx.now) },
    {
      label: t('expulsions.batch.late'),
      value: format.number(late.length),
      ...(late.length > 0 && { state: 'urgent' as const }),
    },
    { label: t('expulsions.batch.questions'), value: format.number(batch.questions) },
  ]
}

// So that nobody takes a list that is short by a row for the whole of it.
function Listed({ ctx, batch }: { ctx: Ctx; batch: BatchLine }) {
  const { t, format } = ctx
  const { listed, same, left_out, rows, refusals, import_id } = batch
  const parts = [
    rows && t('expulsions.batch.listed.measures', { count: rows }),
    refusals && t('expulsions.list.refusals', { count: refusals }),
    same && t('expulsions.batch.listed.same', { count: same }),
    left_out && t('expulsions.list.left_out', { count: left_out }),
  ].filter((part) => typeof part === 'string')
  const sum = listed !== null && `${t('expulsions.batch.listed', { count: listed })} ${format.list(parts)}.`
  if (left_out === 0) return sum ? <p class="quiet">{sum}</p> : null
  return (
    <Note state="attention" title={t('expulsions.batch.left_out', { count: left_out })}>
      {sum && <p>{sum}</p>}
      {import_id && may(ctx, 'expulsion.import') ? (
        <a href={localPath(ctx, `/work/imports/${import_id}`)}>{t('expulsions.batch.left_out.report')}</a>
      ) : (
        t('expulsions.batch.left_out.ask', { office: batch.custodian_name })
      )}
    </Note>
  )
}

async function Questions({ ctx, batch }: { ctx: Ctx; batch: BatchLine }) {
  const { t, format } = ctx
  const questions = await listQuestions(ctx, { batch_id: batch.id, limit: SHOWN_QUESTIONS })
  return (
    <Card>
      <h2>{t('expulsions.questions.title')}</h2>
      {questions.length === 0 && <p class="quiet">{t('expulsions.questions.none')}</p>}
      <ul class="flow">
        {questions.map((question) => (
          <li>
            <a href={localPath(ctx, `${BATCHES}/questions/${question.id}`)}>
              {t(`expulsions.code.about.${question.about}`)} · {t(`expulsions.code.measure.${question.kind}`)}{' '}
              <span class="code">{question.measure}</span>
            </a>
            <p class="quiet">
              {question.answered_at
                ? t('expulsions.questions.answered', { date: format.date(question.answered_at) })
                : t('expulsions.questions.until', { date: format.date(question.due_at) })}
            </p>
          </li>
        ))}
      </ul>
    </Card>
  )
}

async function Events({ ctx, batch }: { ctx: Ctx; batch: BatchLine }) {
  const { t, format } = ctx
  const events = await eventsOf(ctx, batch.id)
  return (
    <Card>
      <h2>{t('expulsions.events.title')}</h2>
      <ul class="flow">
        {events.map((event) => (
          <li>
            <b>{format.dateTime(event.at)}</b>
            <p class="quiet">
              {[
                event.organisation,
                t(`expulsions.code.event.${event.kind}`),
                event.rows && t('expulsions.events.rows', { count: event.rows }),
              ]
                .filter(Boolean)
                .join(' · ')}
            </p>
          </li>
        ))}
      </ul>
    </Card>
  )
}
