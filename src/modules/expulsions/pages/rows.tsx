import { may } from '#kernel/access/authorise.ts'
import type { Ctx } from '#kernel/context.ts'
import { localPath } from '#kernel/http/page.ts'
import { More } from '#kernel/ui/blocks.tsx'
import { Button, LinkButton } from '#kernel/ui/buttons.tsx'
import { SelectField, TextField } from '#kernel/ui/fields.tsx'
import { Table } from '#kernel/ui/table.tsx'
import { type BatchLine, type BatchRow, type RowFilter, rowsOf } from '../batches.ts'
import { QUESTIONS } from '../kinds.ts'
import { BATCHES } from '../notices.ts'
import { orNotStated, RowTag, StatusTag, TermCell, Who } from './words.tsx'

const PAGE = 25

/** What the address asks of the rows: from where on, and whether only those that wait. */
export function rowsAsked({ searchParams }: URL): RowFilter {
  const after = Number(searchParams.get('after') ?? 0)
  return {
    after: Number.isSafeInteger(after) && after > 0 && after < 2 ** 31 ? after : 0,
    waiting: searchParams.get('rows') === 'waiting',
    limit: PAGE,
  }
}

type Props = { ctx: Ctx; batch: BatchLine; asked: RowFilter; open: boolean }

/** The rows of a batch as the reader's office has them; rows can be confirmed alone, and asked about. */
export async function RowTable({ ctx, batch, asked, open }: Props) {
  const { t } = ctx
  const found = await rowsOf(ctx, batch.id, { ...asked, limit: PAGE + 1 })
  const rows = found.slice(0, PAGE)
  if (rows.length === 0 && !asked.after && !asked.waiting) return null
  const path = `${BATCHES}/${batch.reference}`
  const columns = [
    ...(open ? ['pick'] : []),
    ...['person', 'measure', 'term', 'ground', 'status'],
    ...(rows.some(({ state }) => state) ? ['row'] : []),
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
    term: (row) => <TermCell ctx={ctx} row={row} />,
    ground: (row) => orNotStated(ctx, row.ground),
    status: (row) => <StatusTag ctx={ctx} status={row.status} />,
    row: (row) => row.state && <RowTag ctx={ctx} state={row.state} />,
  }
  const table = (
    <Table
      caption={t('expulsions.rows.title')}
      columns={columns.map((key) => ({ label: t(`expulsions.rows.column.${key}`) }))}
      rows={rows.map((row) => columns.map((key) => cell[key]!(row) as never))}
    />
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
