import { randomUUID } from 'node:crypto'
import type { Context } from 'hono'
import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { type FormErrors, type FormValues, readForm } from '#kernel/http/forms.ts'
import { keptNothing } from '#kernel/http/limits.ts'
import { definePage, localPath, seeOther } from '#kernel/http/page.ts'
import { addHolder, openHolder } from '#kernel/my-case/holders.ts'
import { overview, PROOF, ProofFields } from '#kernel/my-case/pages/my-case.tsx'
import { withTicket } from '#kernel/my-case/tickets.ts'
import { Crumb, More } from '#kernel/ui/blocks.tsx'
import { Button, Buttons } from '#kernel/ui/buttons.tsx'
import { ErrorSummary, errorTexts } from '#kernel/ui/errors.tsx'
import { HiddenField } from '#kernel/ui/fields.tsx'
import { PublicPage } from '#kernel/ui/layout.tsx'
import { Steps } from '#kernel/ui/road.tsx'
import { Note } from '#kernel/ui/states.tsx'
import { openVacancy, type Vacancy } from '#modules/vacancies/public.ts'
import { applyFor, takesApplications } from '../applications.ts'
import { factsOf } from '../profile.ts'
import { addSeeker, setOffer } from '../seekers.ts'
import { FactsFields, OfferFields, ProfileFields } from './profile-fields.tsx'
import { checkedProfile, FactsForm, OfferForm, offerOf, ProfileForm } from './read-forms.ts'
import { Receipt } from './receipt.tsx'

const STEPS = [FactsForm, ProfileForm, OfferForm] as const
const FIELDS = STEPS.map((step) => Object.keys(step.shape))
const At = z.object({
  form: z.uuid(),
  step: z.coerce.number().int().min(1).max(3),
  back: z.literal('yes').optional(),
})
type At = z.output<typeof At>

/** Applying without an account: who one is, what one can do, and who may see it. Nothing is kept before the last step. */
export const applyPage = definePage({
  path: '/vacancies/:reference/apply',
  access: 'public',
  async get(ctx, c) {
    const vacancy = await openVacancy(ctx, c.req.param('reference')!)
    if (!(await takesApplications(ctx, vacancy))) return seeOther(ctx, c, `/vacancies/${vacancy.reference}#apply`)
    c.header('Cache-Control', 'no-store')
    return <Form ctx={ctx} vacancy={vacancy} at={{ form: randomUUID(), step: 1 }} values={{}} words={{}} />
  },
  async post(ctx, c, form) {
    const vacancy = await openVacancy(ctx, c.req.param('reference')!)
    const at = readForm(At, form)
    if (!at.ok) return seeOther(ctx, c, `/vacancies/${vacancy.reference}/apply`)
    return answer(ctx, c, vacancy, at.value, form)
  },
})

async function answer(ctx: Ctx, c: Context, vacancy: Vacancy, at: At, form: FormData) {
  const values = valuesOf(form)
  const show = (step: number, words: FormErrors = {}) => {
    if (Object.keys(words).length > 0) c.status(422)
    // People of one mobile network share an address: only what is sent in the end counts.
    keptNothing(c)
    return <Form ctx={ctx} vacancy={vacancy} at={{ ...at, step }} values={values} words={words} />
  }
  if (at.back) return show(Math.max(1, at.step - 1))
  const facts = readForm(FactsForm, form)
  if (!facts.ok) return show(1, errorTexts(ctx, facts.errors))
  if (at.step === 1) return show(2)
  const read = readForm(ProfileForm, form)
  if (!read.ok) return show(2, errorTexts(ctx, read.errors))
  const { profile, words } = await checkedProfile(ctx, read.value)
  if (Object.keys(words).length > 0) return show(2, words)
  if (at.step === 2) return show(3)
  const offer = readForm(OfferForm, form)
  if (!offer.ok) return show(3, errorTexts(ctx, offer.errors))
  const holder = await addHolder(ctx, at.form)
  await addSeeker(ctx, holder, factsOf(facts.value), profile)
  await setOffer(ctx, profile, offerOf(offer.value))
  await applyFor(ctx, holder, vacancy)
  return (
    <PublicPage ctx={ctx} title={ctx.t('applications.sent.title')} current="/vacancies" robots="noindex">
      <Receipt ctx={ctx} holder={holder} vacancy={vacancy} />
    </PublicPage>
  )
}

const Proof = z.object(PROOF)

/** Applying with what somebody said of themselves for an earlier advert. */
export const applyKnownPage = definePage({
  path: '/vacancies/:reference/apply/known',
  access: 'public',
  async post(ctx, c, form) {
    const vacancy = await openVacancy(ctx, c.req.param('reference')!)
    const read = readForm(Proof, form)
    const holder = read.ok ? await openHolder(ctx, read.value.reference, read.value.pin) : null
    if (!holder) {
      c.status(422)
      const errors = read.ok ? { reference: 'my_case.wrong.title' } : read.errors
      const at = { form: randomUUID(), step: 1 }
      return <Form ctx={ctx} vacancy={vacancy} at={at} values={read.values} words={errorTexts(ctx, errors)} known />
    }
    await applyFor(ctx, holder, vacancy)
    return overview(ctx, withTicket(ctx, holder), { state: 'ok', title: ctx.t('applications.sent.title') })
  },
})

// What was typed at every step, also what the present one does not ask.
const valuesOf = (form: FormData): FormValues =>
  Object.fromEntries(
    FIELDS.flat().flatMap((name) => {
      const all = form.getAll(name).filter((value) => typeof value === 'string' && value !== '')
      return all.length > 0 ? [[name, all.join(',').slice(0, 2000)]] : []
    }),
  )

type Props = {
  ctx: Ctx
  vacancy: Vacancy
  at: Omit<At, 'back'>
  values: FormValues
  words: FormErrors
  /** The form for those who have a reference is the one to be put right. */
  known?: boolean
}

function Form({ ctx, vacancy, at, values, words, known }: Props) {
  const { t } = ctx
  const path = `/vacancies/${vacancy.reference}`
  const heading = (['who', 'can', 'send'] as const)[at.step - 1]!
  return (
    <PublicPage
      ctx={ctx}
      title={t('applications.apply.title')}
      current="/vacancies"
      path={`${path}/apply`}
      robots="noindex"
    >
      <div class="flow">
        <Crumb href={localPath(ctx, path)} label={t('applications.apply.back')} />
        <ErrorSummary ctx={ctx} errors={words} />
        <p>
          {t('applications.apply.for')} <b lang={vacancy.lang}>{vacancy.title}</b>
        </p>
        <form method="post" action={localPath(ctx, `${path}/apply`)} class="flow" autocomplete="off">
          <Steps ctx={ctx} steps={3} current={at.step} />
          <h1>{t(`applications.apply.${heading}`)}</h1>
          <HiddenField name="form" value={at.form} />
          <HiddenField name="step" value={at.step} />
          <Carried values={values} step={at.step} />
          {at.step === 1 && (
            <>
              <p>{t('applications.apply.lead')}</p>
              <FactsFields ctx={ctx} values={known ? {} : values} words={known ? {} : words} />
            </>
          )}
          {at.step === 2 && <ProfileFields ctx={ctx} values={values} words={words} />}
          {at.step === 3 && (
            <>
              <Note state="unknown" icon="lock" title={t('applications.apply.sees')}>
                {t('applications.apply.sees_text')}
              </Note>
              <OfferFields ctx={ctx} values={values} words={words} />
            </>
          )}
          <Buttons>
            <Button end={at.step < 3 ? 'right' : undefined} icon={at.step < 3 ? undefined : 'send'}>
              {t(at.step < 3 ? 'applications.apply.next' : 'applications.apply.send')}
            </Button>
            {at.step > 1 && (
              <Button kind="plain" name="back" value="yes">
                {t('applications.apply.one_back')}
              </Button>
            )}
          </Buttons>
        </form>
        {at.step === 1 && (
          <More icon="key" label={t('applications.apply.known')} open={known}>
            <form method="post" action={localPath(ctx, `${path}/apply/known`)} class="flow" autocomplete="off">
              <ProofFields ctx={ctx} values={known ? values : {}} words={known ? words : {}} />
              <Button kind="second">{t('applications.apply.send')}</Button>
            </form>
          </More>
        )}
        <p class="quiet">{t('applications.apply.free')}</p>
      </div>
    </PublicPage>
  )
}

// Several under one name are sent one by one.
const Carried = ({ values, step }: { values: FormValues; step: number }) => (
  <>
    {FIELDS.flatMap((names, index) => (index === step - 1 ? [] : names)).flatMap((name) =>
      (name === 'licences' || name === 'shown' ? (values[name]?.split(',') ?? []) : [values[name] ?? ''])
        .filter(Boolean)
        .map((value) => <HiddenField name={name} value={value} />),
    )}
  </>
)
