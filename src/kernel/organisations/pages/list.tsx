import { z } from 'zod'
import type { Ctx } from '../../context.ts'
import { defineExport } from '../../exports/export.ts'
import { ExportLinks } from '../../exports/pages/links.tsx'
import { readForm } from '../../http/forms.ts'
import { definePage, localPath } from '../../http/page.ts'
import { queryOf, stated } from '../../http/query.ts'
import { LANGUAGES } from '../../i18n/languages.ts'
import { placeName } from '../../places/places.ts'
import { fold } from '../../search/fold.ts'
import { Empty, Headline } from '../../ui/blocks.tsx'
import { LinkButton } from '../../ui/buttons.tsx'
import { SelectField } from '../../ui/fields.tsx'
import { Filters, Pager, Seek } from '../../ui/lists.tsx'
import { Tag } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { WorkPage } from '../../ui/work-layout.tsx'
import { listOrganisations, nameOf, ORGANISATION_KINDS, type Organisation } from '../organisations.ts'

const PATH = '/work/organisations'
const SHOWN = 50
const FILTERS = z.object({
  q: z.string().max(100).optional().catch(undefined),
  kind: z.enum(ORGANISATION_KINDS).optional().catch(undefined),
  state: z.enum(['open', 'closed']).optional().catch(undefined),
  after: z.uuid().optional().catch(undefined),
})
type Filters = z.output<typeof FILTERS>

/** All organisations of the platform. */
export const organisationsPage = definePage({
  path: PATH,
  access: 'organisation.administer',
  async get(ctx, c) {
    const { t } = ctx
    const { after, ...filters } = asked(new URL(c.req.url).searchParams)
    const found = await matching(ctx, filters)
    const start = after ? found.findIndex(({ id }) => id === after) + 1 : 0
    const shown = found.slice(start, start + SHOWN)
    const { q, ...narrowed } = filters
    const next = start + SHOWN < found.length ? PATH + queryOf({ ...filters, after: shown.at(-1)!.id }) : null
    return (
      <WorkPage ctx={ctx} title={t('organisations.title')} current={PATH} path={PATH + queryOf({ ...filters, after })}>
        <Headline title={t('organisations.title')} lead={t('organisations.found', { count: found.length })}>
          <LinkButton icon="office" href={localPath(ctx, `${PATH}/new`)}>
            {t('organisations.new')}
          </LinkButton>
          <ExportLinks ctx={ctx} href={(ending) => localPath(ctx, PATH + ending + queryOf(filters))} />
        </Headline>
        <Seek
          label={t('organisations.search')}
          hideLabel
          placeholder={t('organisations.search')}
          value={q}
          keep={stated(narrowed)}
        />
        <Filters
          ctx={ctx}
          label={t('organisations.filters')}
          action={localPath(ctx, PATH)}
          clear={localPath(ctx, PATH)}
          open={stated(narrowed).length > 0}
          keep={stated({ q })}
        >
          <SelectField
            name="kind"
            label={t('organisations.kind')}
            empty={t('organisations.all')}
            value={filters.kind}
            options={ORGANISATION_KINDS.map((value) => ({ value, label: t(`organisations.code.kind.${value}`) }))}
          />
          <SelectField
            name="state"
            label={t('organisations.state')}
            empty={t('organisations.all')}
            value={filters.state}
            options={(['open', 'closed'] as const).map((value) => ({
              value,
              label: t(`organisations.state.${value}`),
            }))}
          />
        </Filters>
        {shown.length > 0 ? (
          <Table
            caption={t('organisations.title')}
            hidden
            columns={['name', 'kind', 'country', 'state'].map((key) => ({ label: t(`organisations.${key}`) }))}
            rows={
              await Promise.all(
                shown.map(async (organisation) => [
                  <a href={localPath(ctx, `${PATH}/${organisation.id}`)}>{nameOf(organisation, ctx.lang)}</a>,
                  t(`organisations.code.kind.${organisation.kind}`),
                  await placeName(ctx, organisation.country),
                  <StateTag ctx={ctx} organisation={organisation} />,
                ]),
              )
            }
          />
        ) : (
          <Empty title={t('organisations.empty')} text={q && t('organisations.looked_for', { q })}>
            <LinkButton kind="second" href={localPath(ctx, PATH)}>
              {t('ui.filters.clear')}
            </LinkButton>
          </Empty>
        )}
        <Pager
          ctx={ctx}
          from={start + 1}
          shown={shown.length}
          total={found.length}
          next={next && localPath(ctx, next)}
          previous={after && localPath(ctx, PATH + queryOf(filters))}
        />
      </WorkPage>
    )
  },
})

/** The same list as a table, with the names in every language. */
export const organisationsExport = defineExport({
  name: 'organisations.organisations',
  title: 'organisations.title',
  permission: 'organisation.administer',
  act: 'organisation.export',
  headings: () => ['id', ...LANGUAGES.map((lang) => `name_${lang}`), 'kind', 'country', 'created_at', 'closed_at'],
  async count(ctx, query, most) {
    return Math.min((await matching(ctx, asked(query))).length, most)
  },
  async *rows(ctx, query) {
    for (const { id, names, kind, country, created_at, closed_at } of await matching(ctx, asked(query)))
      yield [id, ...LANGUAGES.map((lang) => names[lang]), kind, country, created_at, closed_at]
  },
})

/** Whether it is open, as colour, shape and word. */
export const StateTag = ({ ctx, organisation }: { ctx: Ctx; organisation: Organisation }) => (
  <Tag state={organisation.closed_at ? 'stop' : 'ok'}>
    {ctx.t(`organisations.state.${organisation.closed_at ? 'closed' : 'open'}`)}
  </Tag>
)

// A country has hundreds of them, not millions: sorted and searched here, in the reader's language.
async function matching(ctx: Ctx, { q, kind, state }: Omit<Filters, 'after'>): Promise<Organisation[]> {
  const wanted = q && fold(q)
  return (await listOrganisations(ctx))
    .filter((one) => !kind || one.kind === kind)
    .filter((one) => !state || (one.closed_at !== null) === (state === 'closed'))
    .filter((one) => !wanted || Object.values(one.names).some((name) => fold(name).includes(wanted)))
    .sort((a, b) => ctx.format.compare(nameOf(a, ctx.lang), nameOf(b, ctx.lang)))
}

function asked(query: URLSearchParams): Filters {
  const read = readForm(FILTERS, query)
  return read.ok ? read.value : {}
}
