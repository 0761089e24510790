import { z } from 'zod'
import { may } from '#kernel/access/authorise.ts'
import type { Ctx } from '#kernel/context.ts'
import { defineExport } from '#kernel/exports/export.ts'
import { ExportLinks } from '#kernel/exports/pages/links.tsx'
import { readForm } from '#kernel/http/forms.ts'
import { definePage, localPath } from '#kernel/http/page.ts'
import { queryOf, stated } from '#kernel/http/query.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import { Empty, Headline } from '#kernel/ui/blocks.tsx'
import { LinkButton } from '#kernel/ui/buttons.tsx'
import { SelectField } from '#kernel/ui/fields.tsx'
import { Filters, Pager, Seek } from '#kernel/ui/lists.tsx'
import { Tag } from '#kernel/ui/states.tsx'
import { Table } from '#kernel/ui/table.tsx'
import { WorkPage } from '#kernel/ui/work-layout.tsx'
import { CATEGORIES, MODES, STATES } from '../kinds.ts'
import { moneyCell } from '../money.ts'
import { countRemovals, isOfficer, listCarriers, listRemovals, type Removal, type RemovalFilter } from '../removals.ts'
import { REMOVALS } from './paths.ts'
import { Amounts, ClaimTag } from './words.tsx'

const PAGE = 25
const BATCH = 500
const CLAIM_FILTERS = ['none', ...STATES] as const

const Asked = z.object({
  q: z.string().max(60).optional().catch(undefined),
  carrier: z.uuid().optional().catch(undefined),
  year: z.coerce.number().int().min(1992).max(2200).optional().catch(undefined),
  category: z.enum(CATEGORIES).optional().catch(undefined),
  mode: z.enum(MODES).optional().catch(undefined),
  claim: z.enum(CLAIM_FILTERS).optional().catch(undefined),
  after: z.string().max(20).optional().catch(undefined),
})

// Whatever stands in an address is forgiven.
function readAsked(search: URLSearchParams): RemovalFilter {
  const read = readForm(Asked, search)
  return read.ok ? read.value : {}
}

/** Years to choose from: this one and those before it, as far back as the figures go. */
export const yearOptions = (ctx: Ctx) =>
  Array.from({ length: plainDate(ctx.now).year - 2009 }, (_, back) => String(plainDate(ctx.now).year - back)).map(
    (value) => ({ value, label: value }),
  )

/** Departures, the latest first. */
export const removalsPage = definePage({
  path: REMOVALS,
  access: 'removal.read',
  async get(ctx, c) {
    const { t, format } = ctx
    const { after, ...filter } = readAsked(new URL(c.req.url).searchParams)
    const { q, ...narrowed } = filter
    const count = await countRemovals(ctx, filter)
    const found = await listRemovals(ctx, { ...filter, after }, PAGE + 1)
    const shown = found.slice(0, PAGE)
    const address = (change: Partial<RemovalFilter>, ending = '') =>
      localPath(ctx, `${REMOVALS}${ending}${queryOf({ ...filter, ...change })}`)
    return (
      <WorkPage
        ctx={ctx}
        title={t('removals.list.title')}
        current={REMOVALS}
        path={REMOVALS + queryOf({ ...filter, after })}
      >
        <Headline
          title={t('removals.list.title')}
          lead={t('removals.list.lead', { count: count.removals, people: count.people })}
        >
          {may(ctx, 'removal.enter') && (
            <LinkButton icon="doc" href={localPath(ctx, `${REMOVALS}/new`)}>
              {t('removals.enter.title')}
            </LinkButton>
          )}
          {may(ctx, 'removal.import') && (
            <LinkButton kind="second" icon="sheet" href={localPath(ctx, '/work/imports')}>
              {t('removals.list.import')}
            </LinkButton>
          )}
          <LinkButton kind="second" icon="chart" href={localPath(ctx, `${REMOVALS}/totals`)}>
            {t('removals.list.totals')}
          </LinkButton>
          <ExportLinks ctx={ctx} href={(ending) => address({}, ending)} />
        </Headline>
        <Seek
          label={t('removals.list.search')}
          hideLabel
          placeholder={t('removals.list.search')}
          value={q}
          keep={stated(narrowed)}
        />
        <Filters
          ctx={ctx}
          label={t('removals.list.filters')}
          action={localPath(ctx, REMOVALS)}
          clear={localPath(ctx, REMOVALS)}
          open={stated(narrowed).length > 0}
          keep={stated({ q })}
        >
          {isOfficer(ctx) && (
            <SelectField
              name="carrier"
              label={t('removals.fact.carrier')}
              empty={t('removals.list.all')}
              value={filter.carrier}
              options={(await listCarriers(ctx)).map(({ id, name }) => ({ value: id, label: name }))}
            />
          )}
          <SelectField
            name="year"
            label={t('removals.list.year')}
            empty={t('removals.list.all')}
            value={filter.year?.toString()}
            options={yearOptions(ctx)}
          />
          {(
            [
              ['category', CATEGORIES],
              ['mode', MODES],
            ] as const
          ).map(([name, values]) => (
            <SelectField
              name={name}
              label={t(`removals.fact.${name}`)}
              empty={t('removals.list.all')}
              value={filter[name]}
              options={values.map((value) => ({ value, label: t(`removals.code.${name}.${value}`) }))}
            />
          ))}
          <SelectField
            name="claim"
            label={t('removals.list.claim')}
            empty={t('removals.list.all')}
            value={filter.claim}
            options={CLAIM_FILTERS.map((value) => ({ value, label: t(`removals.code.state.${value}`) }))}
          />
        </Filters>
        {shown.length === 0 ? (
          <Empty title={t('removals.list.empty')} text={t('removals.list.empty_text')}>
            {stated(filter).length > 0 && (
              <LinkButton kind="second" href={localPath(ctx, REMOVALS)}>
                {t('ui.filters.clear')}
              </LinkButton>
            )}
          </Empty>
        ) : (
          <Table
            caption={t('removals.list.title')}
            hidden
            columns={['left_on', 'category', 'carrier', 'route', 'people', 'cost', 'claim'].map((key) => ({
              label: t(`removals.fact.${key}`),
              num: key === 'people' || key === 'cost',
            }))}
            rows={shown.map((removal) => [
              <>
                <a href={localPath(ctx, `${REMOVALS}/${removal.reference}`)}>{format.date(removal.left_on)}</a>
                <br />
                <span class="quiet code">{removal.reference}</span>
              </>,
              t(`removals.code.category.${removal.category}`),
              <>
                {removal.carrier_name}
                <br />
                <span class="quiet">{travelText(ctx, removal)}</span>
              </>,
              `${removal.origin} – ${removal.destination}`,
              format.number(removal.people),
              <Amounts ctx={ctx} money={removal.costs} />,
              removal.claims.length === 0 ? (
                <Tag state="unknown">{t('removals.code.state.none')}</Tag>
              ) : (
                removal.claims.map((state) => <ClaimTag ctx={ctx} state={state} />)
              ),
            ])}
          />
        )}
        <Pager
          ctx={ctx}
          shown={shown.length}
          total={count.removals}
          next={found.length > PAGE ? address({ after: shown.at(-1)!.reference }) : null}
          previous={after && address({})}
        />
      </WorkPage>
    )
  },
})

/** By what and with which number: «by air · ZZ 802». */
export const travelText = ({ t }: Ctx, { mode, service }: Pick<Removal, 'mode' | 'service'>): string =>
  [t(`removals.code.mode.${mode}`), service].filter(Boolean).join(' · ')

const COLUMNS = [
  'reference',
  'left_on',
  'carrier',
  'mode',
  'service',
  'origin',
  'destination',
  'country',
  'category',
] as const

/** The list as asked, as a table; nobody stands in it by name. */
export const removalsExport = defineExport({
  name: 'removals.list',
  title: 'removals.list.title',
  permission: 'removal.read',
  act: 'removal.export',
  headings: ({ t }) => [
    ...COLUMNS.map((key) => t(`removals.fact.${key}`)),
    ...['people', 'escort', 'cost', 'claim'].map((key) => t(`removals.fact.${key}`)),
  ],
  count: async (ctx, query, most) => (await countRemovals(ctx, readAsked(query), most)).removals,
  async *rows(ctx, query) {
    const { t } = ctx
    const { after: _, ...filter } = readAsked(query)
    for (let after: string | undefined; ; ) {
      const found = await listRemovals(ctx, { ...filter, after }, BATCH)
      for (const one of found)
        yield [
          ...[
            one.reference,
            one.left_on.toString(),
            one.carrier_name,
            t(`removals.code.mode.${one.mode}`),
            one.service,
          ],
          ...[one.origin, one.destination, one.country, t(`removals.code.category.${one.category}`), one.people],
          ...[t(`removals.code.escort.${one.escort}`), moneyCell(one.costs)],
          one.claims.map((state) => t(`removals.code.state.${state}`)).join('; ') || t('removals.code.state.none'),
        ]
      if (found.length < BATCH) return
      after = found.at(-1)!.reference
    }
  },
})
