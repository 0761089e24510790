import type { Context } from 'hono'
import { z } from 'zod'
import { may } from '#kernel/access/authorise.ts'
import type { Ctx } from '#kernel/context.ts'
import { type FormErrors, type FormValues, readForm } from '#kernel/http/forms.ts'
import { definePage, localPath, seeOther } from '#kernel/http/page.ts'
import { noteCase } from '#kernel/people/looks.ts'
import { birthText, langOf } from '#kernel/people/pages/words.ts'
import { placeName } from '#kernel/places/places.ts'
import { problem } from '#kernel/problem.ts'
import { Card, Crumb, Headline, More, Pairs } from '#kernel/ui/blocks.tsx'
import { Button } from '#kernel/ui/buttons.tsx'
import { ErrorSummary, errorTexts } from '#kernel/ui/errors.tsx'
import { HiddenField, SelectField, TextField } from '#kernel/ui/fields.tsx'
import { Note, Undo } from '#kernel/ui/states.tsx'
import { WorkPage } from '#kernel/ui/work-layout.tsx'
import { draftClaims } from '../claims.ts'
import { addCost, costsOf, withdrawCost } from '../costs.ts'
import { joinRemoval, unjoinRemoval } from '../joining.ts'
import { COSTS } from '../kinds.ts'
import { endNamedPayer, namePayer } from '../named-payer.ts'
import { passengerOf } from '../passengers.ts'
import { bearerOf, payerOf } from '../payer.ts'
import { getRemoval, officeOf, type Removal, withdrawRemoval } from '../removals.ts'
import { CostsCard } from './costs-card.tsx'
import { HistoryCard } from './history-card.tsx'
import { JoinCard } from './join-card.tsx'
import { travelText } from './list.tsx'
import { REMOVALS } from './paths.ts'
import { PayerCard } from './payer-card.tsx'
import { CURRENCIES, currencyOptions, orNotStated, readMoney } from './words.tsx'

const Cost = z.object({
  amount: z.string('removals.import.no_cost').max(30),
  currency: z.enum(CURRENCIES),
  kind: z.enum(COSTS),
})

const ofRequest = (ctx: Ctx, c: Context) => getRemoval(ctx, c.req.param('reference')!)
const back = (ctx: Ctx, c: Context, { reference }: Removal, done: string) =>
  seeOther(ctx, c, `${REMOVALS}/${reference}?done=${done}`)

/** One departure: what is known, what it cost, who pays, what was claimed. */
export const removalPage = definePage({
  path: `${REMOVALS}/:reference`,
  access: 'removal.read',
  async get(ctx, c) {
    return <Show ctx={ctx} removal={await ofRequest(ctx, c)} query={new URL(c.req.url).searchParams} />
  },
  async post(ctx, c, form) {
    const removal = await ofRequest(ctx, c)
    const read = readForm(Cost, form)
    const money = read.ok ? readMoney(read.value.amount, read.value.currency) : null
    if (!read.ok || !money) {
      c.status(422)
      const errors = read.ok ? { amount: 'removals.import.no_cost' } : read.errors
      return <Show ctx={ctx} removal={removal} query={new URLSearchParams()} values={read.values} errors={errors} />
    }
    await addCost(ctx, removal, read.value.kind, money)
    return back(ctx, c, removal, 'cost')
  },
})

/** Takes a departure out that was entered by mistake, and puts it back. */
export const withdrawalPage = definePage({
  path: `${REMOVALS}/:reference/withdrawal`,
  access: 'removal.enter',
  async post(ctx, c, form) {
    const removal = await ofRequest(ctx, c)
    const withdrawn = form.get('back') !== 'yes'
    await withdrawRemoval(ctx, removal, withdrawn)
    return back(ctx, c, removal, withdrawn ? 'withdrawn' : 'restored')
  },
})

/** The same for one cost. */
export const costWithdrawalPage = definePage({
  path: `${REMOVALS}/:reference/costs`,
  access: 'removal.enter',
  async post(ctx, c, form) {
    const removal = await ofRequest(ctx, c)
    const cost = String(form.get('cost') ?? '')
    const withdrawn = form.get('back') !== 'yes'
    await withdrawCost(ctx, removal, cost, withdrawn)
    return seeOther(
      ctx,
      c,
      `${REMOVALS}/${removal.reference}?done=${withdrawn ? 'cost_withdrawn' : 'cost'}&cost=${cost}`,
    )
  },
})

/** Drafts claims for the costs of a departure that stand in none. */
export const removalClaimsPage = definePage({
  path: `${REMOVALS}/:reference/claims`,
  access: 'removal.claim',
  async post(ctx, c) {
    const removal = await ofRequest(ctx, c)
    const { references, own, no_rule } = await draftClaims(ctx, { removal: removal.id })
    return back(
      ctx,
      c,
      removal,
      references.length > 0 ? 'claimed' : own > 0 ? 'own' : no_rule > 0 ? 'no_rule' : 'nothing',
    )
  },
})

const Named = z.object({
  payer: z.string('removals.payer.who_missing').trim().min(1, 'removals.payer.who_missing').max(200),
  rule: z.string('removals.payer.rule_missing').trim().min(1, 'removals.payer.rule_missing').max(600),
})

/** Names who pays where no rule with a source is known, with the rule that the officer relies on, and takes that back. */
export const payerPage = definePage({
  path: `${REMOVALS}/:reference/payer`,
  access: 'removal.oversee',
  async post(ctx, c, form) {
    const removal = await ofRequest(ctx, c)
    if (form.get('end') === 'yes') {
      await endNamedPayer(ctx, removal.id)
      return back(ctx, c, removal, 'payer_ended')
    }
    const read = readForm(Named, form)
    if (!read.ok) {
      c.status(422)
      const query = new URLSearchParams()
      return <Show ctx={ctx} removal={removal} query={query} values={read.values} errors={read.errors} part="payer" />
    }
    if (removal.withdrawn_at || (await bearerOf(ctx, removal)))
      throw problem('conflict', { detail: 'removals.conflict.rule_known' })
    await namePayer(ctx, removal.id, read.value)
    return back(ctx, c, removal, 'payer')
  },
})

/** Joins a departure to the measure or refusal that it carried out, and takes them apart again. */
export const joinPage = definePage({
  path: `${REMOVALS}/:reference/join`,
  access: 'removal.join',
  async post(ctx, c, form) {
    const removal = await ofRequest(ctx, c)
    const [apart, notice, reference] = ['apart', 'notice', 'measure'].map((name) => String(form.get(name) ?? '').trim())
    if (apart && z.uuid().safeParse(apart).success) await unjoinRemoval(ctx, removal, apart)
    else if (notice) await joinRemoval(ctx, removal, { id: notice })
    else if (reference) await joinRemoval(ctx, removal, { reference })
    else throw problem('bad_request')
    return back(ctx, c, removal, apart ? 'apart' : 'joined')
  },
})

const DONE = ['entered', 'cost', 'restored', 'claimed', 'joined', 'apart', 'payer', 'payer_ended'] as const
const NOTHING_DONE = ['own', 'no_rule', 'nothing'] as const
const oneOf = <T extends string>(list: readonly T[], value: string | null): T | undefined =>
  list.find((one) => one === value)

type Props = {
  ctx: Ctx
  removal: Removal
  query: URLSearchParams
  values?: FormValues
  errors?: FormErrors
  /** Of which form the errors are. */
  part?: 'cost' | 'payer'
}

async function Show({ ctx, removal, query, values = {}, errors = {}, part = 'cost' }: Props) {
  const { t, format } = ctx
  const words = errorTexts(ctx, errors)
  const path = `${REMOVALS}/${removal.reference}`
  const passenger = await passengerOf(ctx, removal.id)
  if (passenger?.name)
    await noteCase(ctx, 'removal.open', { type: 'removal', id: removal.id }, passenger.record_id, 'notice')
  const costs = await costsOf(ctx, removal.id)
  const bearer = await payerOf(ctx, removal)
  const own = removal.custodian === officeOf(ctx)
  const done = query.get('done')
  const [good, nothing] = [oneOf(DONE, done), oneOf(NOTHING_DONE, done)]
  const born = passenger?.birth ? birthText(passenger.birth) : null
  return (
    <WorkPage
      ctx={ctx}
      title={t('removals.show.title', { reference: removal.reference })}
      current={REMOVALS}
      path={path}
    >
      <Crumb href={localPath(ctx, REMOVALS)} label={t('removals.list.title')}>
        <span class="code">{removal.reference}</span>
      </Crumb>
      <Headline
        title={t('removals.show.heading', {
          category: t(`removals.code.category.${removal.category}`),
          count: removal.people,
          date: format.date(removal.left_on),
        })}
        lead={`${removal.carrier_name} · ${travelText(ctx, removal)} · ${removal.origin} – ${removal.destination}`}
      />
      {good && <Note state="ok" title={t(`removals.done.${good}`)} announce />}
      {nothing && <Note state="unknown" title={t(`removals.done.${nothing}`)} announce />}
      {removal.withdrawn_at && (
        <Undo
          ctx={ctx}
          action={localPath(ctx, `${path}/withdrawal`)}
          fields={<HiddenField name="back" value="yes" />}
          title={t('removals.show.withdrawn', { date: format.date(removal.withdrawn_at) })}
        />
      )}
      {done === 'cost_withdrawn' && query.get('cost') && (
        <Undo
          ctx={ctx}
          action={localPath(ctx, `${path}/costs`)}
          fields={
            <>
              <HiddenField name="cost" value={query.get('cost')} />
              <HiddenField name="back" value="yes" />
            </>
          }
          title={t('removals.done.cost_withdrawn')}
        />
      )}
      <ErrorSummary ctx={ctx} errors={words} />
      <PayerCard ctx={ctx} removal={removal} bearer={bearer} values={values} words={part === 'payer' ? words : {}} />
      <CostsCard ctx={ctx} removal={removal} costs={costs} claimable={!!bearer && bearer.carrier !== removal.carrier} />
      {may(ctx, 'removal.enter') && !removal.withdrawn_at && (
        <More
          icon="money"
          label={t('removals.show.add_cost')}
          card
          open={part === 'cost' && Object.keys(errors).length > 0}
        >
          <form method="post" action={localPath(ctx, path)} class="flow">
            <TextField
              name="amount"
              label={t('removals.fact.amount')}
              hint={t('removals.enter.amount_hint')}
              value={values.amount}
              error={words.amount}
              autocomplete="off"
              width="short"
            />
            <SelectField
              name="currency"
              label={t('removals.fact.currency')}
              value={values.currency ?? removal.costs[0]?.currency ?? 'EUR'}
              error={words.currency}
              options={currencyOptions}
            />
            <SelectField
              name="kind"
              label={t('removals.fact.kind')}
              value={values.kind}
              error={words.kind}
              options={COSTS.map((value) => ({ value, label: t(`removals.code.cost.${value}`) }))}
            />
            <Button kind="second">{t('removals.show.add_cost')}</Button>
          </form>
        </More>
      )}
      <Card>
        <h2>{t('removals.enter.departure')}</h2>
        <Pairs
          items={[
            [t('removals.fact.left_on'), format.date(removal.left_on)],
            [t('removals.fact.category'), t(`removals.code.category.${removal.category}`)],
            [t('removals.fact.people'), format.number(removal.people)],
            [t('removals.fact.carrier'), removal.carrier_name],
            [t('removals.fact.mode'), t(`removals.code.mode.${removal.mode}`)],
            [t('removals.fact.service'), orNotStated(ctx, removal.service)],
            [t('removals.fact.country'), await placeName(ctx, removal.country)],
            [
              t('removals.fact.escort'),
              orNotStated(ctx, removal.escort === 'unknown' ? null : t(`removals.code.escort.${removal.escort}`)),
            ],
            removal.category === 'inadmissible'
              ? [t('removals.fact.brought_by'), orNotStated(ctx, removal.brought_by_name)]
              : [
                  t('removals.fact.invited'),
                  orNotStated(
                    ctx,
                    removal.invited === 'unknown' ? null : t(`removals.code.invited.${removal.invited}`),
                  ),
                ],
            passenger && [t('removals.fact.ground'), orNotStated(ctx, passenger.ground)],
            passenger && [
              t('removals.fact.name'),
              orNotStated(
                ctx,
                passenger.name && (
                  <span lang={langOf(passenger.name)}>{[passenger.name, born].filter(Boolean).join(', ')}</span>
                ),
              ),
            ],
            passenger && [t('removals.fact.document'), orNotStated(ctx, passenger.document_hint)],
            [t('removals.fact.entered_by'), removal.custodian_name],
            [t('removals.fact.entered_at'), format.dateTime(removal.entered_at)],
          ]}
        />
        {own && !removal.withdrawn_at && may(ctx, 'removal.enter') && (
          <form method="post" action={localPath(ctx, `${path}/withdrawal`)}>
            <Button kind="plain" icon="undo">
              {t('removals.show.withdraw')}
            </Button>{' '}
            <span class="quiet">{t('removals.show.withdraw_hint')}</span>
          </form>
        )}
      </Card>
      {may(ctx, 'removal.join') && removal.people === 1 && <JoinCard ctx={ctx} removal={removal} />}
      <HistoryCard ctx={ctx} removal={removal} />
    </WorkPage>
  )
}
