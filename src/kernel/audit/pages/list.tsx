import type { Child } from 'hono/jsx'
import type { Ctx } from '../../context.ts'
import { readForm } from '../../http/forms.ts'
import { definePage, localPath } from '../../http/page.ts'
import { Empty, Headline } from '../../ui/blocks.tsx'
import { LinkButton } from '../../ui/buttons.tsx'
import { DateField } from '../../ui/date-field.tsx'
import { SelectField } from '../../ui/fields.tsx'
import { Filters as FilterForm, Pager } from '../../ui/lists.tsx'
import { Note, Tag } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { WorkPage } from '../../ui/work-layout.tsx'
import {
  actionText,
  chainState,
  countEntries,
  FILTERS,
  type Filters,
  type Line,
  listActions,
  listActors,
  listEntries,
} from '../entries.ts'

const SHOWN = 50

/** Who did what, when, to what: of the own organisation, of visitors and of the system. */
export const auditPage = definePage({
  path: '/work/audit',
  access: 'audit.read',
  async get(ctx, c) {
    const filters = readFilters(new URL(c.req.url).searchParams)
    const [found, total, chain] = [
      await listEntries(ctx, filters, SHOWN + 1),
      await countEntries(ctx, filters),
      await chainState(ctx),
    ]
    const lines = found.slice(0, SHOWN)
    const next = found.length > SHOWN ? address(ctx, '/work/audit', filters, lines.at(-1)!.id) : null
    const { t, format } = ctx
    const sealed = { line: format.number(chain.sealed_line), tail: format.number(chain.tail) }
    return (
      <WorkPage ctx={ctx} title={t('audit.title')} current="/work/audit" path={query('/work/audit', filters)}>
        <Headline title={t('audit.title')} lead={t('audit.lead')}>
          <LinkButton kind="second" icon="save" href={address(ctx, '/work/audit/export', filters)} download>
            {t('audit.export')}
          </LinkButton>
        </Headline>
        <Note state={chain.sealed_line > 0n ? 'ok' : 'unknown'} icon="lock" title={t('audit.sealed', sealed)}>
          {t('audit.tail', { tail: Number(chain.tail) })}
          {chain.sealed_at && ` ${t('audit.sealed_at', { when: format.dateTime(chain.sealed_at) })}`}
        </Note>
        <FilterForm
          ctx={ctx}
          label={t('audit.filters')}
          action={localPath(ctx, '/work/audit')}
          clear={localPath(ctx, '/work/audit')}
          open={isNarrowed(filters)}
        >
          <SelectField
            name="action"
            label={t('audit.action')}
            empty={t('audit.all')}
            value={filters.action}
            options={(await listActions(ctx)).map((action) => ({ value: action, label: actionText(ctx, action) }))}
          />
          <SelectField
            name="actor"
            label={t('audit.actor')}
            empty={t('audit.all')}
            value={filters.actor}
            options={(await listActors(ctx)).map(({ id, name }) => ({ value: id, label: name }))}
          />
          <DateField ctx={ctx} name="day" label={t('audit.day')} value={dateParts(filters.day)} />
        </FilterForm>
        {lines.length > 0 ? (
          <Table
            caption={t('audit.title')}
            hidden
            columns={['when', 'actor', 'action', 'subject', 'details', 'line'].map((key) => ({
              label: t(`audit.${key}`),
            }))}
            rows={lines.map((line) => row(ctx, line))}
          />
        ) : (
          <Empty title={t('audit.empty')}>
            <LinkButton kind="second" href={localPath(ctx, '/work/audit')}>
              {t('ui.filters.clear')}
            </LinkButton>
          </Empty>
        )}
        <Pager ctx={ctx} shown={lines.length} total={total} next={next} more={t('audit.older')} />
      </WorkPage>
    )
  },
})

const row = (ctx: Ctx, line: Line): Child[] => [
  ctx.format.dateTime(line.at),
  actorText(ctx, line),
  actionText(ctx, line.action),
  line.subject_type && `${line.subject_type} ${line.subject_id}`,
  detailsText(line.details),
  line.line === null ? (
    <Tag state="unknown" icon="clock">
      {ctx.t('audit.waits')}
    </Tag>
  ) : (
    ctx.format.number(line.line)
  ),
]

/** Who acted: a person's name, a task of the system, or somebody passing by. */
export const actorText = (ctx: Ctx, { actor_kind, actor_name, actor_id, task }: Line): string =>
  actor_kind === 'staff'
    ? (actor_name ?? actor_id!)
    : actor_kind === 'system'
      ? ctx.t('audit.system', { task: task! })
      : ctx.t('audit.visitor')

/** Details as `key: value`, as they were written: they are codes. */
export const detailsText = (details: Line['details']): string =>
  Object.entries(details as Record<string, unknown>)
    .map(([key, value]) => `${key}: ${value}`)
    .join(', ')

/** The filters of an address; the day comes from a form in three fields or as one date. */
export function readFilters(search: URLSearchParams): Filters {
  const part = (name: string, digits: number) => (search.get(`day_${name}`) ?? '').trim().padStart(digits, '0')
  if (search.get('day_day') && !search.has('day'))
    search.set('day', `${part('year', 4)}-${part('month', 2)}-${part('day', 2)}`)
  const read = readForm(FILTERS, search)
  return read.ok ? read.value : { day: undefined }
}

const isNarrowed = ({ action, actor, day }: Filters) => Boolean(action || actor || day)

const dateParts = (day?: Temporal.PlainDate) =>
  day && { day: String(day.day), month: String(day.month), year: String(day.year) }

function query(path: string, { action, actor, day }: Filters, before?: bigint): string {
  const entries = Object.entries({ action, actor, day: day?.toString(), before: before?.toString() })
  const given = entries.filter((entry): entry is [string, string] => entry[1] !== undefined)
  return given.length > 0 ? `${path}?${new URLSearchParams(given)}` : path
}

const address = (ctx: Ctx, path: string, filters: Filters, before?: bigint) =>
  localPath(ctx, query(path, filters, before))
