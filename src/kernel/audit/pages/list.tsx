import type { Child } from 'hono/jsx'
import type { Ctx } from '../../context.ts'
import { ExportLinks } from '../../exports/pages/links.tsx'
import { definePage, localPath } from '../../http/page.ts'
import { Empty, Headline } from '../../ui/blocks.tsx'
import { LinkButton } from '../../ui/buttons.tsx'
import { DateField } from '../../ui/date-field.tsx'
import { SelectField } from '../../ui/fields.tsx'
import { Filters as FilterForm, Pager } from '../../ui/lists.tsx'
import { Note, type State, Tag } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { WorkPage } from '../../ui/work-layout.tsx'
import {
  type ChainState,
  chainState,
  countEntries,
  type Line,
  listActions,
  listActors,
  listEntries,
} from '../entries.ts'
import { type Filters, filtered, readFilters, withFilters } from '../filters.ts'
import { actionText, actorText, detailsText, subjectText } from '../words.ts'

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
    const people = new Map((await listActors(ctx)).map(({ id, name }) => [id, name]))
    const lines = found.slice(0, SHOWN)
    const next = found.length > SHOWN ? filtered(ctx, '/work/audit', { ...filters, before: lines.at(-1)!.id }) : null
    const { t, format } = ctx
    const sealed = { line: format.number(chain.sealed_line), tail: format.number(chain.tail) }
    return (
      <WorkPage ctx={ctx} title={t('audit.title')} current="/work/audit" path={withFilters('/work/audit', filters)}>
        <Headline title={t('audit.title')} lead={subjectLead(ctx, filters, people) ?? t('audit.lead')}>
          <ExportLinks ctx={ctx} href={(ending) => filtered(ctx, `/work/audit${ending}`, filters)} />
        </Headline>
        <Note state={stateOf(ctx, chain)} title={t('audit.sealed', sealed)}>
          {t('audit.tail', { tail: Number(chain.tail) })}
          {chain.sealed_at && ` ${t('audit.sealed_at', { when: format.dateTime(chain.sealed_at) })}`}
        </Note>
        <FilterForm
          ctx={ctx}
          label={t('audit.filters')}
          action={localPath(ctx, '/work/audit')}
          clear={localPath(ctx, '/work/audit')}
          open={isNarrowed(filters)}
          keep={filters.subject ? [['subject', filters.subject]] : []}
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
            options={Array.from(people, ([value, label]) => ({ value, label }))}
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
            rows={lines.map((line) => row(ctx, line, people))}
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

const row = (ctx: Ctx, line: Line, people: Map<string, string>): Child[] => [
  ctx.format.dateTime(line.at),
  actorText(ctx, line),
  actionText(ctx, line.action),
  line.subject_type ? (
    <a href={filtered(ctx, '/work/audit', { subject: `${line.subject_type} ${line.subject_id}` })}>
      {subjectText(ctx, line.subject_type, line.subject_id!, people)}
    </a>
  ) : (
    NOTHING
  ),
  detailsText(ctx, line) || NOTHING,
  line.line === null ? (
    <Tag state="unknown" icon="clock">
      {ctx.t('audit.waits')}
    </Tag>
  ) : (
    ctx.format.number(line.line)
  ),
]

// The job runs every minute: what waits longer says that it does not.
function stateOf({ now }: Ctx, { sealed_line, oldest }: ChainState): State {
  if (oldest && now.since(oldest).total('minutes') > 10) return 'attention'
  return sealed_line > 0n ? 'ok' : 'unknown'
}

function subjectLead(ctx: Ctx, { subject }: Filters, people: ReadonlyMap<string, string>): string | undefined {
  const [type, id] = subject?.split(' ') ?? []
  return type && subjectText(ctx, type, id!, people)
}

const NOTHING = '–'

const isNarrowed = ({ action, actor, subject, day }: Filters) => Boolean(action || actor || subject || day)

const dateParts = (day?: Temporal.PlainDate) =>
  day && { day: String(day.day), month: String(day.month), year: String(day.year) }
