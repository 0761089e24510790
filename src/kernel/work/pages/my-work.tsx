import type { Ctx, StaffActor } from '../../context.ts'
import { definePage, localPath } from '../../http/page.ts'
import { plainDate, TIME_ZONE } from '../../i18n/format.ts'
import type { WorkItem } from '../../module.ts'
import { zoneName } from '../../places/times.ts'
import { Empty, Headline } from '../../ui/blocks.tsx'
import type { State } from '../../ui/states.tsx'
import { Sums, TaskGroup, TaskRow } from '../../ui/work.tsx'
import { WorkPage } from '../../ui/work-layout.tsx'

// So near, the hour matters.
const SOON_HOURS = 48

type Group = { id: 'late' | 'today' | 'later' | 'waiting'; state: State; items: WorkItem[] }

/** What the person signed in has to do, as every part of the platform sees it, the most urgent first. */
export const myWork = definePage({
  path: '/work',
  access: 'staff',
  async get(ctx) {
    const groups = grouped(ctx, await itemsOf(ctx))
    const { time_zone } = ctx.format
    const first = groups.find((group) => group.items.length > 0)?.items[0]
    return (
      <WorkPage ctx={ctx} title={ctx.t('work.title')} current="/work">
        <Headline
          title={ctx.t('work.title')}
          lead={[
            sentence(ctx.format.longDate(ctx.now)),
            (ctx.actor as StaffActor).organisation_name,
            // Abroad, it is said by which clock everything here is told.
            time_zone !== TIME_ZONE && zoneName(ctx, time_zone, ctx.now),
          ]
            .filter(Boolean)
            .join(' · ')}
        />
        <Sums
          ctx={ctx}
          items={groups.map(({ id, state, items }) => ({
            state,
            icon: waits(id),
            count: items.length,
            label: ctx.t(`work.sum.${id}`, { count: items.length }),
            href: `#${id}`,
          }))}
        />
        {!first && <Empty title={ctx.t('work.empty.title')} text={ctx.t('work.empty.text')} />}
        {groups
          .filter(({ items }) => items.length > 0)
          .map(({ id, state, items }) => (
            <TaskGroup id={id} state={state} icon={waits(id)} title={ctx.t(`work.group.${id}`)}>
              {items.map((item) => (
                <TaskRow
                  {...item}
                  href={localPath(ctx, item.href)}
                  kind={item === first ? 'filled' : 'second'}
                  due={item.due ? dueIn(ctx, item.due, state) : undefined}
                />
              ))}
            </TaskGroup>
          ))}
      </WorkPage>
    )
  },
})

/** Everything that waits for the actor, from all parts, by term; what waits on others stands last. */
async function itemsOf(ctx: Ctx): Promise<WorkItem[]> {
  const items: WorkItem[] = []
  for (const part of ctx.platform.parts) items.push(...((await part.workItems?.(ctx)) ?? []))
  const at = ({ due }: WorkItem) => due?.epochMilliseconds ?? Number.POSITIVE_INFINITY
  return items.sort((a, b) => at(a) - at(b))
}

function grouped(ctx: Ctx, items: WorkItem[]): Group[] {
  const { time_zone } = ctx.format
  const today = plainDate(ctx.now, time_zone)
  const groupOf = ({ due }: WorkItem): Group['id'] => {
    if (!due) return 'waiting'
    if (Temporal.Instant.compare(due, ctx.now) < 0) return 'late'
    return plainDate(due, time_zone).equals(today) ? 'today' : 'later'
  }
  const groups: Group[] = [
    { id: 'late', state: 'urgent', items: [] },
    { id: 'today', state: 'attention', items: [] },
    { id: 'later', state: 'unknown', items: [] },
    { id: 'waiting', state: 'unknown', items: [] },
  ]
  for (const item of items) groups.find(({ id }) => id === groupOf(item))!.items.push(item)
  return groups.filter(({ id, items }) => id !== 'waiting' || items.length > 0)
}

/** How long ago or until when, in words, and the term itself below. */
function dueIn(ctx: Ctx, due: Temporal.Instant, state: State) {
  const { t, format } = ctx
  const now = ctx.now.toZonedDateTimeISO(format.time_zone)
  const term = due.toZonedDateTimeISO(format.time_zone)
  if (state === 'urgent') {
    const late = term.until(now, { largestUnit: 'day' })
    const label =
      late.days > 0 ? t('work.due.late_days', { count: late.days }) : t('work.due.late_hours', { count: late.hours })
    return { state, label, note: t('work.due.was', { date: format.date(due) }) }
  }
  if (state === 'attention') return { state, label: t('work.due.until', { time: format.time(due) }) }
  const soon = now.until(term).total('hours') < SOON_HOURS
  const date = soon ? format.dateTime(due) : format.date(due)
  return { state, icon: 'clock' as const, label: t('work.due.on', { date }) }
}

// What is not due yet is a clock, not a question.
const waits = (id: Group['id']) => (id === 'later' || id === 'waiting' ? ('clock' as const) : undefined)

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
