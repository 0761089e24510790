import type { Child } from 'hono/jsx'
import { may } from '#kernel/access/authorise.ts'
import type { Ctx } from '#kernel/context.ts'
import { localPath } from '#kernel/http/page.ts'
import { More } from '#kernel/ui/blocks.tsx'
import { Button, LinkButton } from '#kernel/ui/buttons.tsx'
import { SelectField, TextField } from '#kernel/ui/fields.tsx'
import { Aside, Table, WholeCards } from '#kernel/ui/table.tsx'
import {
  type BatchLine,
  type BatchRow,
  type RowElsewhere,
  type RowFilter,
  refusalsOf,
  rowsElsewhere,
  rowsOf,
} from '../batches.ts'
import { QUESTIONS, type RowState } from '../kinds.ts'
import { noteMeasure } from '../measures.ts'
import { BATCHES } from '../notices.ts'
import { termText } from '../term-text.ts'
import { ElsewhereList, orNotStated, RowTag, StatusTag, TermCell, Who } from './words.tsx'

const PAGE = 25

/** What the address asks of the rows: from where on, and whether only those that wait. */
export function rowsAsked({ searchParams }: URL): RowFilter {
  return {
    after: numberAsked(searchParams.get('after')),
    waiting: searchParams.get('rows') === 'waiting',
    limit: PAGE,
  }
}

/** The number after which rows are asked for; 0 for what is none. */
export function numberAsked(text: string | null): number {
  const after = Number(text ?? 0)
  return Number.isSafeInteger(after) && after > 0 && after < 2 ** 31 ? after : 0
}

type Props = { ctx: Ctx; batch: BatchLine; asked: RowFilter; open: boolean }

/** The rows of a batch as the reader's office has them; rows can be confirmed alone, and asked about. */
export async function RowTable({ ctx, batch, asked, open }: Props) {
  const { t } = ctx
  const found = await rowsOf(ctx, batch.id, { ...asked, limit: PAGE + 1 })
  const rows = found.slice(0, PAGE)
  if (rows.length === 0 && !asked.after && !asked.waiting) return null
  // A notice, a decision: a page that names one person alone is a look at them. The audit has those that name many.
  const [row, ...others] = rows
  if (row && others.length === 0) await noteMeasure(ctx, row.measure_id, row.record_id, 'notice')
  const path = `${BATCHES}/${batch.reference}`
  const elsewhere = Map.groupBy(
    await rowsElsewhere(
      ctx,
      batch.id,
      rows.map(({ measure_id }) => measure_id),
    ),
    ({ measure_id }) => measure_id,
  )
  const columns = [
    ...(open ? ['pick'] : []),
    ...['person', 'measure', 'term', 'ground', 'status'],
    ...(elsewhere.size > 0 ? ['where'] : rows.some(({ state }) => state) ? ['row'] : []),
  ]
  const cell: Record<string, (row: BatchRow) => unknown> = {
    pick: (row) => (
      <label class="pick">
        <input
          type="checkbox"
          name="rows"
          value={row.measure_id}
          disabled={row.state === 'acknowledged' || row.state === 'passed_on'}
        />
        <span>{ctx.format.number(row.number)}</span>
      </label>
    ),
    person: (row) => (
      <>
        <a href={localPath(ctx, `${BATCHES}/measures/${row.reference}`)}>
          <Who ctx={ctx} name={row.names?.[0]} birth={row.birth} />
        </a>{' '}
        {row.document_hint && <span class="code">{row.document_hint}</span>}
      </>
    ),
    measure: (row) => t(`expulsions.code.measure.${row.kind}`),
    term: (row) => (
      <>
        <TermCell ctx={ctx} row={row} />
        {row.now && termText(ctx, row.now) !== termText(ctx, row) && <Now ctx={ctx}>{termText(ctx, row.now)}</Now>}
      </>
    ),
    ground: (row) => (
      <>
        {orNotStated(ctx, row.ground)}
        {row.now?.ground && row.now.ground !== row.ground && <Now ctx={ctx}>{row.now.ground}</Now>}
      </>
    ),
    status: (row) => (
      <>
        <StatusTag ctx={ctx} status={row.status} />
        {row.now && row.now.status !== row.status && (
          <Now ctx={ctx}>
            <StatusTag ctx={ctx} status={row.now.status} />
          </Now>
        )}
      </>
    ),
    row: (row) => row.state && <RowTag ctx={ctx} state={row.state} />,
    where: (row) => (
      <>
        {row.state && (
          <>
            <RowTag ctx={ctx} state={row.state} />
            <div class="quiet">{t('expulsions.rows.column.row')}</div>
          </>
        )}
        <ElsewhereList ctx={ctx} rows={elsewhere.get(row.measure_id) ?? []} />
      </>
    ),
  }
  // On a phone: who, what, until when. What says only that all goes its way waits until it is asked for.
  const waits: Record<string, (row: BatchRow) => boolean> = {
    ground: ({ ground, now }) => ground !== null && !now,
    row: ({ state }) => goesItsWay(state),
    where: (row) =>
      goesItsWay(row.state) &&
      (elsewhere.get(row.measure_id) ?? []).every((one) => !isLate(ctx, one) && goesItsWay(one.state)),
  }
  const table = (
    <>
      <WholeCards label={t('expulsions.rows.whole')} />
      <Table
        caption={t('expulsions.rows.title')}
        narrow="short"
        columns={columns.map((key) => ({ label: t(`expulsions.rows.column.${key}`), card: CARD[key] }))}
        rows={rows.map((row) =>
          columns.map((key) => {
            const shown = cell[key]!(row) as Child
            return waits[key]?.(row) ? new Aside(shown) : shown
          }),
        )}
      />
    </>
  )
  const next = found.length > PAGE ? rows.at(-1)!.number : null
  const query = (after: number) => `?after=${after}${asked.waiting ? '&rows=waiting' : ''}`
  return (
    <section class="flow" id="rows">
      {open && rows.length > 0 ? (
        <form method="post" action={localPath(ctx, `${path}/acknowledgement`)} class="flow">
          {table}
          <Button kind="second" icon="s-ok">
            {t('expulsions.rows.acknowledge')}
          </Button>
        </form>
      ) : (
        table
      )}
      <div class="btns">
        {next !== null && (
          <LinkButton kind="second" end="right" href={`${localPath(ctx, path)}${query(next)}#rows`}>
            {t('ui.pager.next')}
          </LinkButton>
        )}
        {open && (
          <LinkButton kind="plain" href={localPath(ctx, asked.waiting ? path : `${path}?rows=waiting#rows`)}>
            {t(asked.waiting ? 'expulsions.rows.all' : 'expulsions.rows.waiting')}
          </LinkButton>
        )}
      </div>
      {rows.some(({ state }) => state) && may(ctx, 'expulsion.acknowledge') && (
        <More icon="chat" label={t('expulsions.ask.title')}>
          <form method="post" action={localPath(ctx, `${path}/questions`)} class="flow">
            <SelectField
              name="row"
              label={t('expulsions.ask.row')}
              options={rows.map((row) => ({
                value: row.measure_id,
                label: `${row.number} · ${row.reference} · ${t(`expulsions.code.measure.${row.kind}`)}`,
              }))}
            />
            <SelectField
              name="about"
              label={t('expulsions.ask.about')}
              options={QUESTIONS.map((value) => ({ value, label: t(`expulsions.code.about.${value}`) }))}
            />
            <TextField name="words" label={t('expulsions.ask.words')} maxlength={500} />
            <Button kind="second">{t('expulsions.ask.send')}</Button>
          </form>
        </More>
      )}
    </section>
  )
}

const CARD: Record<string, 'own' | 'with'> = { person: 'own', measure: 'with', term: 'with', status: 'own' }

const goesItsWay = (state: RowState | 'held' | null) => state === null || state === 'sent' || state === 'received'

const isLate = ({ now }: Ctx, { due_at }: RowElsewhere) => due_at !== null && Temporal.Instant.compare(due_at, now) < 0

// What a later batch or decision states beside what stood here then.
const Now = ({ ctx, children }: { ctx: Ctx; children?: Child }) => (
  <div class="quiet">
    {ctx.t('expulsions.rows.now')} {children}
  </div>
)

/** Refusals at the border in a batch: events, each as it was stated. */
export async function Refusals({ ctx, batch, after }: { ctx: Ctx; batch: BatchLine; after: number }) {
  const { t, format } = ctx
  if (batch.refusals === 0) return null
  const found = await refusalsOf(ctx, batch.id, { after, limit: PAGE + 1 })
  const rows = found.slice(0, PAGE)
  return (
    <section class="flow" id="refusals">
      <h2>{t('expulsions.panel.refusals')}</h2>
      <p class="quiet">{t('expulsions.refusal.events')}</p>
      <Table
        caption={t('expulsions.panel.refusals')}
        hidden
        columns={['person', 'date', 'point', 'ground'].map((key) => ({ label: t(`expulsions.refusal.${key}`) }))}
        rows={rows.map(({ names, birth, refused_on, border_point, ground }) => [
          <Who ctx={ctx} name={names[0]} birth={birth} />,
          orNotStated(ctx, refused_on && format.date(refused_on)),
          orNotStated(ctx, border_point),
          orNotStated(ctx, ground),
        ])}
      />
      {found.length > PAGE && (
        <div class="btns">
          <LinkButton
            kind="second"
            end="right"
            href={`${localPath(ctx, `${BATCHES}/${batch.reference}`)}?refused=${rows.at(-1)!.number}#refusals`}
          >
            {t('ui.pager.next')}
          </LinkButton>
        </div>
      )}
    </section>
  )
}
