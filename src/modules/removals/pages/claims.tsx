import { z } from 'zod'
import { may } from '#kernel/access/authorise.ts'
import type { Ctx } from '#kernel/context.ts'
import { defineExport } from '#kernel/exports/export.ts'
import { ExportLinks } from '#kernel/exports/pages/links.tsx'
import { readForm } from '#kernel/http/forms.ts'
import { definePage, localPath, seeOther } from '#kernel/http/page.ts'
import { queryOf, stated } from '#kernel/http/query.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import { decimalOf } from '#kernel/money.ts'
import { Card, Empty, Headline } from '#kernel/ui/blocks.tsx'
import { Button, LinkButton } from '#kernel/ui/buttons.tsx'
import { HiddenField, SelectField } from '#kernel/ui/fields.tsx'
import { Choices, Filters, Pager } from '#kernel/ui/lists.tsx'
import { Note, Tag } from '#kernel/ui/states.tsx'
import { Table } from '#kernel/ui/table.tsx'
import { WorkPage } from '#kernel/ui/work-layout.tsx'
import { type Claim, type ClaimFilter, countClaims, draftClaims, listClaims } from '../claims.ts'
import { STATES } from '../kinds.ts'
import { moneyCell } from '../money.ts'
import { isOfficer, listCarriers, officeOf } from '../removals.ts'
import { yearOptions } from './list.tsx'
import { CLAIMS } from './paths.ts'
import { amountsOrDash, ClaimTag } from './words.tsx'

const PAGE = 25
const BATCH = 500

const year = z.coerce.number().int().min(1992).max(2200)
const Asked = z.object({
  carrier: z.uuid().optional().catch(undefined),
  year: year.optional().catch(undefined),
  state: z.enum(STATES).optional().catch(undefined),
  due: z
    .literal('yes')
    .transform(() => true)
    .optional()
    .catch(undefined),
  after: z.string().max(20).optional().catch(undefined),
})
const Draft = z.object({ carrier: z.uuid().optional(), year })

// Whatever stands in an address is forgiven.
function readAsked(search: URLSearchParams): ClaimFilter {
  const read = readForm(Asked, search)
  return read.ok ? read.value : {}
}

/** Claims, the newest first; those that somebody must look at now by `?due=yes`. */
export const claimsPage = definePage({
  path: CLAIMS,
  access: 'removal.read',
  async get(ctx, c) {
    const { t, format } = ctx
    const search = new URL(c.req.url).searchParams
    const { after, due, ...narrowed } = readAsked(search)
    const filter = { ...narrowed, due }
    const count = await countClaims(ctx, filter)
    const found = await listClaims(ctx, { ...filter, after }, PAGE + 1)
    const shown = found.slice(0, PAGE)
    const query = (change: object) => queryOf({ ...narrowed, due: due ? 'yes' : undefined, ...change })
    const address = (change: object, ending = '') => localPath(ctx, `${CLAIMS}${ending}${query(change)}`)
    const carriers = isOfficer(ctx)
      ? (await listCarriers(ctx)).map(({ id, name }) => ({ value: id, label: name }))
      : undefined
    return (
      <WorkPage ctx={ctx} title={t('removals.claims.title')} current={CLAIMS} path={CLAIMS + query({ after })}>
        <Headline title={t('removals.claims.title')} lead={t('removals.claims.lead', { count })}>
          <ExportLinks ctx={ctx} href={(ending) => address({}, ending)} />
        </Headline>
        {search.has('drafted') && <Drafted ctx={ctx} search={search} />}
        <Choices
          ctx={ctx}
          label={t('removals.claims.show')}
          options={[undefined, 'yes' as const].map((value) => ({
            href: address({ due: value }),
            label: t(value ? 'removals.claims.due' : 'removals.claims.all'),
            current: (due ? 'yes' : undefined) === value,
          }))}
        />
        <Filters
          ctx={ctx}
          label={t('removals.claims.filters')}
          action={localPath(ctx, CLAIMS)}
          clear={localPath(ctx, CLAIMS)}
          open={stated(narrowed).length > 0}
          keep={stated({ due: due ? 'yes' : undefined })}
        >
          {carriers && (
            <SelectField
              name="carrier"
              label={t('removals.fact.carrier')}
              empty={t('removals.list.all')}
              value={filter.carrier}
              options={carriers}
            />
          )}
          <SelectField
            name="year"
            label={t('removals.list.year')}
            empty={t('removals.list.all')}
            value={filter.year?.toString()}
            options={yearOptions(ctx)}
          />
          <SelectField
            name="state"
            label={t('removals.claim.state')}
            empty={t('removals.list.all')}
            value={filter.state}
            options={STATES.map((value) => ({ value, label: t(`removals.code.state.${value}`) }))}
          />
        </Filters>
        {shown.length === 0 ? (
          <Empty title={t('removals.claims.empty')} text={t('removals.claims.empty_text')} />
        ) : (
          <Table
            caption={t('removals.claims.title')}
            hidden
            columns={['reference', 'carrier', 'payer', 'amount', 'received', 'state', 'due'].map((key) => ({
              label: t(`removals.claim.${key}`),
              num: key === 'amount' || key === 'received',
            }))}
            rows={shown.map((claim) => [
              <a href={localPath(ctx, `${CLAIMS}/${claim.reference}`)} class="code">
                {claim.reference}
              </a>,
              `${claim.carrier_name}, ${claim.year}`,
              payerText(ctx, claim),
              format.money(claim),
              amountsOrDash(ctx, claim.received),
              <ClaimTag ctx={ctx} state={claim.state} />,
              <Due ctx={ctx} claim={claim} />,
            ])}
          />
        )}
        <Pager
          ctx={ctx}
          shown={shown.length}
          total={count}
          next={found.length > PAGE ? address({ after: shown.at(-1)!.reference }) : null}
          previous={after && address({})}
        />
        {may(ctx, 'removal.claim') && (
          <Card id="draft">
            <h2>{t('removals.draft.title')}</h2>
            <p class="quiet">{t('removals.draft.lead')}</p>
            <form method="post" action={localPath(ctx, `${CLAIMS}/drafts`)} class="flow">
              {carriers ? (
                <SelectField name="carrier" id="draft-carrier" label={t('removals.fact.carrier')} options={carriers} />
              ) : (
                <HiddenField name="carrier" value={officeOf(ctx)} />
              )}
              <SelectField
                name="year"
                id="draft-year"
                label={t('removals.list.year')}
                value={filter.year?.toString()}
                options={yearOptions(ctx)}
              />
              <Button kind="second" icon="doc">
                {t('removals.draft.button')}
              </Button>
            </form>
          </Card>
        )}
      </WorkPage>
    )
  },
})

/** Drafts claims for the costs of a carrier's departures in a year that stand in none; what names no year drafts nothing. */
export const draftsPage = definePage({
  path: `${CLAIMS}/drafts`,
  access: 'removal.claim',
  async post(ctx, c, form) {
    const read = readForm(Draft, form)
    const carrier = isOfficer(ctx) && read.ok ? read.value.carrier : officeOf(ctx)
    if (!read.ok || !carrier) return seeOther(ctx, c, `${CLAIMS}?drafted=0`)
    const { references, own, no_rule } = await draftClaims(ctx, { carrier, year: read.value.year })
    return seeOther(ctx, c, CLAIMS + queryOf({ drafted: references.length, own, no_rule }))
  },
})

/** What became of the costs that stood in no claim. */
function Drafted({ ctx, search }: { ctx: Ctx; search: URLSearchParams }) {
  const count = (name: string) => Math.min(100_000, Math.max(0, Number(search.get(name)) || 0))
  const [drafted, own, no_rule] = [count('drafted'), count('own'), count('no_rule')]
  return (
    <Note state={drafted > 0 ? 'ok' : 'unknown'} title={ctx.t('removals.draft.done', { count: drafted })} announce>
      {own > 0 && <p>{ctx.t('removals.draft.own', { count: own })}</p>}
      {no_rule > 0 && <p>{ctx.t('removals.draft.no_rule', { count: no_rule })}</p>}
    </Note>
  )
}

/** Who is asked to pay: a carrier by its name. */
export const payerText = (
  { t }: Ctx,
  { payer, payer_carrier_name, payer_named }: Pick<Claim, 'payer' | 'payer_carrier_name' | 'payer_named'>,
): string => payer_carrier_name ?? payer_named ?? t(`removals.code.payer.${payer}`)

/** When somebody must look at a claim again; a day that has passed in words too. */
export function Due({ ctx, claim }: { ctx: Ctx; claim: Pick<Claim, 'due_on'> }) {
  const { t, format } = ctx
  if (!claim.due_on) return <>–</>
  const order = Temporal.PlainDate.compare(claim.due_on, plainDate(ctx.now))
  const date = format.date(claim.due_on)
  if (order < 0) return <Tag state="urgent">{t('removals.claim.late', { date })}</Tag>
  return order === 0 ? <Tag state="attention">{t('removals.claim.today')}</Tag> : <>{date}</>
}

/** The claims as asked, as a table. Amounts are plain numbers; what was paid bears its currency, since it may be another. */
export const claimsExport = defineExport({
  name: 'removals.claims',
  title: 'removals.claims.title',
  permission: 'removal.read',
  act: 'removal.export',
  headings: ({ t }) =>
    (
      [
        'reference',
        'carrier',
        'year',
        'payer',
        'removals',
        'people',
        'amount',
        'currency',
        'received',
        'state',
        'due',
      ] as const
    ).map((key) => t(`removals.claim.${key}`)),
  count: (ctx, query, most) => countClaims(ctx, readAsked(query), most),
  async *rows(ctx, query) {
    const { after: _, ...filter } = readAsked(query)
    for (let after: string | undefined; ; ) {
      const found = await listClaims(ctx, { ...filter, after }, BATCH)
      for (const one of found)
        yield [
          ...[one.reference, one.carrier_name, one.year, payerText(ctx, one), one.removals, one.people, decimalOf(one)],
          ...[one.currency, moneyCell(one.received), ctx.t(`removals.code.state.${one.state}`)],
          one.due_on?.toString() ?? null,
        ]
      if (found.length < BATCH) return
      after = found.at(-1)!.reference
    }
  },
})
