import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { defineExport } from '#kernel/exports/export.ts'
import { ExportLinks } from '#kernel/exports/pages/links.tsx'
import { readForm } from '#kernel/http/forms.ts'
import { definePage, localPath } from '#kernel/http/page.ts'
import { queryOf, stated } from '#kernel/http/query.ts'
import { placePath } from '#kernel/places/places.ts'
import { Empty, Headline } from '#kernel/ui/blocks.tsx'
import { LinkButton } from '#kernel/ui/buttons.tsx'
import { Icon } from '#kernel/ui/icons.tsx'
import { Choices, Pager, Seek } from '#kernel/ui/lists.tsx'
import { WorkPage } from '#kernel/ui/work-layout.tsx'
import { countEmployers, type Employer, listEmployers, STATES } from '../employers.ts'
import { queueSeen } from '../notices.ts'
import { StateTag } from './words.tsx'

export const LIST = '/work/employers'
const PAGE_SIZE = 25
const BATCH = 500

const Query = z.object({
  state: z.enum(STATES).optional().catch(undefined),
  q: z.string().max(100).optional().catch(undefined),
  after: z.uuid().optional().catch(undefined),
})
type Asked = z.output<typeof Query>

// Whatever stands in an address is forgiven.
function readAsked(search: URLSearchParams): Asked {
  const read = readForm(Query, search)
  return read.ok ? read.value : {}
}

/** Employers and agencies: those that wait for an officer first. */
export const employersPage = definePage({
  path: LIST,
  access: 'employer.verify',
  async get(ctx, c) {
    const { t } = ctx
    const asked = readAsked(new URL(c.req.url).searchParams)
    const { state, q, after } = asked
    await queueSeen(ctx)
    const counts = await countEmployers(ctx)
    const { items, next } = await listEmployers(ctx, { ...asked, limit: PAGE_SIZE })
    const address = (change: Partial<Asked>, ending = '') =>
      localPath(ctx, `${LIST}${ending}${queryOf({ state, q, ...change })}`)
    return (
      <WorkPage ctx={ctx} title={t('employers.list.title')} current={LIST}>
        <Headline title={t('employers.list.title')} lead={t('employers.list.lead', { count: counts.mine })}>
          <ExportLinks ctx={ctx} href={(ending) => address({}, ending)} />
        </Headline>
        <Choices
          ctx={ctx}
          label={t('employers.list.states')}
          options={(['all', ...STATES] as const).map((choice) => ({
            href: address({ state: choice === 'all' ? undefined : choice }),
            label: t(choice === 'all' ? 'employers.list.all' : `employers.code.state.${choice}`),
            current: (state ?? 'all') === choice,
            count: counts[choice],
          }))}
        />
        <Seek
          label={t('employers.list.search')}
          hideLabel
          placeholder={t('employers.list.search')}
          value={q}
          keep={stated({ state })}
        />
        {items.length === 0 ? (
          <Empty
            title={q ? t('employers.list.none_for', { q }) : t('employers.list.empty')}
            text={q ? undefined : t('employers.list.empty_text')}
          >
            {(q || state) && (
              <LinkButton kind="second" href={localPath(ctx, LIST)}>
                {t('employers.list.all')}
              </LinkButton>
            )}
          </Empty>
        ) : (
          <ul>
            {items.map((employer) => (
              <Row ctx={ctx} employer={employer} />
            ))}
          </ul>
        )}
        <Pager
          ctx={ctx}
          shown={items.length}
          total={q ? { atLeast: items.length } : counts[state ?? 'all']}
          next={next && address({ after: next })}
          previous={after && address({})}
        />
      </WorkPage>
    )
  },
})

async function Row({ ctx, employer }: { ctx: Ctx; employer: Employer }) {
  const { t, format } = ctx
  const href = localPath(ctx, `${LIST}/${employer.reference}`)
  const waits = employer.state === 'asked'
  return (
    <li class="task">
      <Icon name="office" />
      <h2 class="h3">
        <a href={href} lang={employer.lang}>
          {employer.legal_name}
        </a>
      </h2>
      <p class="quiet">
        {t(`employers.code.kind.${employer.kind}`)} · {await placePath(ctx, employer.place_code ?? employer.country)}
        {employer.tin && ` · ${employer.tin}`}
      </p>
      <p class="due">
        <StateTag ctx={ctx} state={employer.state} />
        <span>
          {waits
            ? t('employers.list.due', { date: format.date(employer.due_at) })
            : t('employers.list.asked', { date: format.date(employer.asked_at) })}
        </span>
      </p>
      <LinkButton kind="second" href={href}>
        {t(waits ? 'employers.list.check' : 'employers.list.open')}
        <span class="vh">: {employer.legal_name}</span>
      </LinkButton>
    </li>
  )
}

/** The list as asked, as a table. */
export const employersExport = defineExport({
  name: 'employers.list',
  title: 'employers.list.title',
  permission: 'employer.verify',
  act: 'employer.export',
  headings: () => [
    ...['reference', 'kind', 'state', 'name', 'country', 'place', 'tin', 'ogrn', 'phone', 'phone_checked'],
    ...['licence', 'licence_until', 'extract_of', 'asked', 'due', 'verified'],
  ],
  async count(ctx, query, most) {
    const asked = readAsked(query)
    if (asked.q) return (await listEmployers(ctx, { ...asked, limit: most })).items.length
    return Math.min((await countEmployers(ctx))[asked.state ?? 'all'], most)
  },
  async *rows(ctx, query) {
    const { state, q } = readAsked(query)
    let after: string | undefined
    do {
      const { items, next } = await listEmployers(ctx, { state, q, after, limit: BATCH })
      yield* items.map((one) => [
        ...[one.reference, one.kind, one.state, one.legal_name, one.country, one.place_code, one.tin, one.ogrn],
        ...[one.phone, one.phone_checked_at?.toString() ?? null, one.licence_no],
        ...[one.licence_until?.toString() ?? null, one.extract_on?.toString() ?? null],
        ...[String(one.asked_at), String(one.due_at), one.verified_at?.toString() ?? null],
      ])
      after = next ?? undefined
    } while (after)
  },
})
