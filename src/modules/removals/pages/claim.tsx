import type { Context } from 'hono'
import { z } from 'zod'
import { may } from '#kernel/access/authorise.ts'
import type { Ctx } from '#kernel/context.ts'
import { type FormErrors, type FormValues, readForm } from '#kernel/http/forms.ts'
import { definePage, localPath, seeOther } from '#kernel/http/page.ts'
import { RuleText } from '#kernel/law/rule-text.tsx'
import { LETTER_LANGUAGES, LETTERS } from '#kernel/letters/letters.ts'
import { LettersCard } from '#kernel/letters/pages/letter.tsx'
import { Card, Crumb, Headline, Pairs } from '#kernel/ui/blocks.tsx'
import { Button } from '#kernel/ui/buttons.tsx'
import { RadioGroup } from '#kernel/ui/choices.tsx'
import { ErrorSummary, errorTexts } from '#kernel/ui/errors.tsx'
import { HiddenField, TextArea, TextField } from '#kernel/ui/fields.tsx'
import { Road } from '#kernel/ui/road.tsx'
import { Note } from '#kernel/ui/states.tsx'
import { Table } from '#kernel/ui/table.tsx'
import { WorkPage } from '#kernel/ui/work-layout.tsx'
import { type Step, stepsOf, takeStep, undoStep } from '../claim-steps.ts'
import { type Claim, claimedRemovals, getClaim } from '../claims.ts'
import { NEXT } from '../kinds.ts'
import { issueClaimLetter } from '../letter.ts'
import { moneyText } from '../money.ts'
import { ruleBehind } from '../payer.ts'
import { officeOf } from '../removals.ts'
import { NextStep, readStep } from './claim-step-form.tsx'
import { Due, payerText } from './claims.tsx'
import { travelText } from './list.tsx'
import { CLAIMS, REMOVALS } from './paths.ts'
import { RelyingOn } from './payer-card.tsx'
import { amountsOrDash, CLAIM_LOOKS, ClaimTag } from './words.tsx'

const LetterForm = z.object({
  to: z.string('removals.letter.to_missing').max(600),
  account: z.string().max(300).optional(),
  lang: z.enum(LETTER_LANGUAGES),
})

const ofRequest = (ctx: Ctx, c: Context) => getClaim(ctx, c.req.param('reference')!)
const textsOf = (form: FormData): FormValues =>
  Object.fromEntries([...form].filter((pair): pair is [string, string] => typeof pair[1] === 'string'))

/** One claim: what is asked of whom, by which rule, and all that happened to it. */
export const claimPage = definePage({
  path: `${CLAIMS}/:reference`,
  access: 'removal.read',
  async get(ctx, c) {
    return <Show ctx={ctx} claim={await ofRequest(ctx, c)} done={c.req.query('done')} />
  },
  async post(ctx, c, form) {
    const claim = await ofRequest(ctx, c)
    const read = readStep(ctx, form)
    if (!read.ok) {
      c.status(422)
      return <Show ctx={ctx} claim={claim} values={textsOf(form)} errors={read.errors} />
    }
    await takeStep(ctx, claim, read.step)
    return seeOther(ctx, c, `${CLAIMS}/${claim.reference}?done=step`)
  },
})

/** Takes the last step of a claim back. */
export const claimUndoPage = definePage({
  path: `${CLAIMS}/:reference/undo`,
  access: 'removal.claim',
  async post(ctx, c, form) {
    const claim = await ofRequest(ctx, c)
    await undoStep(ctx, claim, String(form.get('step') ?? ''))
    return seeOther(ctx, c, `${CLAIMS}/${claim.reference}?done=undone`)
  },
})

/** Makes the letter to the payer. */
export const claimLetterPage = definePage({
  path: `${CLAIMS}/:reference/letter`,
  access: 'removal.claim',
  async post(ctx, c, form) {
    const claim = await ofRequest(ctx, c)
    const read = readForm(LetterForm, form)
    if (!read.ok) {
      c.status(422)
      return <Show ctx={ctx} claim={claim} values={textsOf(form)} errors={read.errors} />
    }
    const { lang, to, account } = read.value
    const reference = await issueClaimLetter(ctx, claim, { lang, to, account })
    return seeOther(ctx, c, `${LETTERS}/${reference}`)
  },
})

type Props = { ctx: Ctx; claim: Claim; done?: string; values?: FormValues; errors?: FormErrors }

async function Show({ ctx, claim, done, values = {}, errors = {} }: Props) {
  const { t, format } = ctx
  const words = errorTexts(ctx, errors)
  const path = `${CLAIMS}/${claim.reference}`
  const title = t('removals.claim.title', { reference: claim.reference })
  const removals = await claimedRemovals(ctx, claim)
  const keeps = may(ctx, 'removal.claim') && claim.keeper === officeOf(ctx)
  return (
    <WorkPage ctx={ctx} title={title} current={CLAIMS} path={path}>
      <Crumb href={localPath(ctx, CLAIMS)} label={t('removals.claims.title')}>
        <span class="code">{claim.reference}</span>
      </Crumb>
      <Headline
        title={t('removals.claim.heading', { amount: format.money(claim), payer: payerText(ctx, claim) })}
        lead={`${claim.carrier_name} · ${claim.year}`}
      />
      {(done === 'step' || done === 'undone') && <Note state="ok" title={t(`removals.done.${done}`)} announce />}
      <ErrorSummary ctx={ctx} errors={words} />
      <Card>
        <Pairs
          items={[
            [t('removals.claim.state'), <ClaimTag ctx={ctx} state={claim.state} />],
            [t('removals.claim.due'), <Due ctx={ctx} claim={claim} />],
            [t('removals.claim.amount'), format.money(claim)],
            [t('removals.claim.received'), <Received ctx={ctx} claim={claim} />],
            [t('removals.claim.payer'), payerText(ctx, claim)],
            [t('removals.claim.keeper'), claim.keeper_name],
          ]}
        />
        {claim.rule_text ? (
          <RelyingOn ctx={ctx} rule={claim.rule_text} office={claim.rule_by_name!} />
        ) : (
          <RuleText
            ctx={ctx}
            unknown={ctx.t('removals.payer.no_rule')}
            rule={await ruleBehind(ctx, claim, removals[0])}
          />
        )}
      </Card>
      {keeps && NEXT[claim.state].length > 0 && <NextStep ctx={ctx} claim={claim} values={values} words={words} />}
      <Card id="history">
        <h2>{t('removals.claim.history')}</h2>
        <History ctx={ctx} claim={claim} steps={await stepsOf(ctx, claim.id)} keeps={keeps} />
      </Card>
      {keeps && (
        <Card id="letter-card">
          <h2>{t('removals.letter.make_title')}</h2>
          <p class="quiet">{t('removals.letter.make_lead')}</p>
          <form method="post" action={localPath(ctx, `${path}/letter`)} class="flow">
            <TextArea
              name="to"
              label={t('removals.letter.to')}
              hint={t('removals.letter.to_hint')}
              value={values.to}
              error={words.to}
              rows={3}
              maxlength={600}
            />
            <TextField
              name="account"
              label={t('removals.letter.account')}
              value={values.account}
              error={words.account}
              maxlength={300}
            />
            <RadioGroup
              name="lang"
              label={t('removals.letter.lang')}
              value={values.lang ?? 'ru'}
              error={words.lang}
              options={LETTER_LANGUAGES.map((value) => ({ value, label: t(`letters.code.lang.${value}`) }))}
            />
            <Button kind="second" icon="doc">
              {t('removals.letter.make')}
            </Button>
          </form>
        </Card>
      )}
      <LettersCard ctx={ctx} subject={{ type: 'removal_claim', id: claim.reference }} />
      <Card>
        <h2>{t('removals.claim.departures', { count: removals.length })}</h2>
        <Table
          caption={t('removals.claim.departures', { count: removals.length })}
          hidden
          columns={['left_on', 'service', 'route', 'people', 'amount'].map((key) => ({
            label: t(`removals.fact.${key}`),
            num: key === 'people' || key === 'amount',
          }))}
          rows={removals.map((removal) => [
            <a href={localPath(ctx, `${REMOVALS}/${removal.reference}`)}>{format.date(removal.left_on)}</a>,
            travelText(ctx, removal),
            `${removal.origin} – ${removal.destination}`,
            format.number(removal.people),
            format.money({ amount: removal.amount, currency: claim.currency }),
          ])}
        />
      </Card>
    </WorkPage>
  )
}

// What came in another currency stands beside; nobody converts it.
function Received({ ctx, claim }: { ctx: Ctx; claim: Claim }) {
  const { t, format } = ctx
  const same = claim.received.find(({ currency }) => currency === claim.currency)
  const left = claim.amount - (same?.amount ?? 0n)
  return (
    <>
      {amountsOrDash(ctx, claim.received)}
      {same && left > 0n && (
        <span class="quiet"> {t('removals.claim.left', { amount: format.money({ ...same, amount: left }) })}</span>
      )}
      {claim.received.some(({ currency }) => currency !== claim.currency) && (
        <span class="quiet"> {t('removals.claim.other_currency')}</span>
      )}
    </>
  )
}

type HistoryProps = { ctx: Ctx; claim: Claim; steps: readonly Step[]; keeps: boolean }

/** What happened, the last first; undone steps stay to be read. */
function History({ ctx, claim, steps, keeps }: HistoryProps) {
  const { t, format } = ctx
  const live = steps.filter(({ undone_at }) => !undone_at)
  return (
    <Road
      level={3}
      stations={steps.map((step) => ({
        icon: step.undone_at ? 'undo' : step.state === 'sent' ? 'send' : step.money ? 'money' : 'doc',
        state: step.undone_at ? undefined : CLAIM_LOOKS[step.state],
        heading: `${format.date(step.stepped_on)}: ${t(`removals.code.state.${step.state}`)}`,
        content: (
          <>
            <p>
              {[
                step.money && moneyText(ctx, [step.money]),
                step.letter && t('removals.step.by_letter', { letter: step.letter }),
              ]
                .filter(Boolean)
                .join(' · ')}
            </p>
            <p class="quiet">
              {[step.organisation_name, step.by_name, format.dateTime(step.taken_at)].filter(Boolean).join(' · ')}
              {step.undone_at && ` · ${t('removals.step.undone', { date: format.dateTime(step.undone_at) })}`}
            </p>
            {keeps && step.id === live[0]?.id && live.length > 1 && (
              <form method="post" action={localPath(ctx, `${CLAIMS}/${claim.reference}/undo`)}>
                <HiddenField name="step" value={step.id} />
                <Button kind="plain" icon="undo">
                  {t('ui.undo')}
                </Button>
              </form>
            )}
          </>
        ),
      }))}
    />
  )
}
