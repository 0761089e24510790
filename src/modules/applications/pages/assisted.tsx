import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { audit } from '#kernel/audit/audit.ts'
import type { Ctx } from '#kernel/context.ts'
import { type FormErrors, type FormValues, readForm } from '#kernel/http/forms.ts'
import { definePage, localPath } from '#kernel/http/page.ts'
import { inLanguage } from '#kernel/i18n/in-language.ts'
import { LANGUAGE_NAMES, LANGUAGES } from '#kernel/i18n/languages.ts'
import { parseReference } from '#kernel/ids.ts'
import { addHolder } from '#kernel/my-case/holders.ts'
import { Problem } from '#kernel/problem.ts'
import { Card, Crumb, Headline } from '#kernel/ui/blocks.tsx'
import { Button, Buttons } from '#kernel/ui/buttons.tsx'
import { CheckboxField, RadioGroup } from '#kernel/ui/choices.tsx'
import { ErrorSummary, errorTexts, inOrder } from '#kernel/ui/errors.tsx'
import { HiddenField, TextField } from '#kernel/ui/fields.tsx'
import { Note } from '#kernel/ui/states.tsx'
import { WorkPage } from '#kernel/ui/work-layout.tsx'
import { openVacancy, type Vacancy } from '#modules/vacancies/public.ts'
import { applyFor, takesApplications } from '../applications.ts'
import { factsOf } from '../profile.ts'
import { addSeeker, setOffer } from '../seekers.ts'
import { FactsFields, OfferFields, ProfileFields } from './profile-fields.tsx'
import { checkedProfile, FactsForm, OfferForm, offerOf, ProfileForm } from './read-forms.ts'
import { Receipt } from './receipt.tsx'

export const ASSIST = '/work/assisted-applications'

// In the order of the page, as the summary of what is wrong.
const Whole = z.object({
  form: z.uuid(),
  vacancy: z.string('applications.assist.vacancy_missing').max(40),
  ...FactsForm.shape,
  ...ProfileForm.shape,
  ...OfferForm.shape,
  lang: z.enum(LANGUAGES, 'applications.assist.lang_missing'),
  wish: z.literal('yes', 'applications.assist.wish_missing'),
})
const ORDER = Object.keys(Whole.shape)

/** An adviser fills it in with the person beside them, and prints a receipt in the person's language. */
export const assistedPage = definePage({
  path: `${ASSIST}/new`,
  access: 'application.assist',
  get: (ctx, c) => <Form ctx={ctx} form={randomUUID()} values={{ vacancy: c.req.query('vacancy') ?? '' }} words={{}} />,
  async post(ctx, c, form) {
    const read = readForm(Whole, form)
    const words: FormErrors = read.ok ? {} : errorTexts(ctx, read.errors)
    const vacancy = await takenVacancy(ctx, read.values.vacancy)
    if (!vacancy && !words.vacancy) words.vacancy = ctx.t('applications.assist.vacancy_wrong')
    // Everything that is wrong is said at once, also a place that nobody knows.
    const profile = readForm(ProfileForm, form)
    const checked = profile.ok ? await checkedProfile(ctx, profile.value) : null
    Object.assign(words, checked?.words)
    if (!read.ok || !vacancy || Object.keys(words).length > 0) {
      c.status(422)
      return <Form ctx={ctx} form={read.values.form ?? randomUUID()} values={read.values} words={words} />
    }
    const theirs = inLanguage(ctx, read.value.lang)
    const holder = await addHolder(ctx, read.value.form)
    await addSeeker(theirs, holder, factsOf(read.value), checked!.profile)
    await setOffer(ctx, checked!.profile, offerOf(read.value))
    const reference = await applyFor(ctx, holder, vacancy)
    await audit(ctx, 'application.assist', { type: 'application', id: reference })
    return (
      <WorkPage ctx={ctx} title={ctx.t('applications.assist.receipt')} current={`${ASSIST}/new`}>
        <div class="noprint">
          <Crumb href={localPath(ctx, `${ASSIST}/new`)} label={ctx.t('applications.assist.title')} />
          <Note state="attention" title={ctx.t('applications.assist.give')}>
            {ctx.t('applications.assist.give_text')}
          </Note>
        </div>
        <Receipt ctx={theirs} holder={holder} vacancy={vacancy} />
      </WorkPage>
    )
  },
})

// A number that nobody has, or an advert that takes no applications here, is a slip of this form and no missing page.
async function takenVacancy(ctx: Ctx, typed: string | undefined): Promise<Vacancy | null> {
  if (!typed || !parseReference(typed)) return null
  const vacancy = await openVacancy(ctx, typed).catch((error) => {
    if (error instanceof Problem) return null
    throw error
  })
  return vacancy && (await takesApplications(ctx, vacancy)) ? vacancy : null
}

async function Form({ ctx, form, values, words }: { ctx: Ctx; form: string; values: FormValues; words: FormErrors }) {
  const { t } = ctx
  const vacancy = await takenVacancy(ctx, values.vacancy)
  const fields = { ctx, values, words }
  return (
    <WorkPage ctx={ctx} title={t('applications.assist.title')} current={`${ASSIST}/new`}>
      <Headline title={t('applications.assist.title')} lead={t('applications.assist.lead')} />
      <ErrorSummary ctx={ctx} errors={inOrder(words, ORDER)} />
      <form method="post" class="flow form" autocomplete="off">
        <HiddenField name="form" value={form} />
        <Card>
          <TextField
            name="vacancy"
            label={t('applications.assist.vacancy')}
            hint={t('applications.assist.vacancy_hint')}
            value={values.vacancy}
            error={words.vacancy}
            autocomplete="off"
            spellcheck={false}
            maxlength={40}
          />
          <p>
            {vacancy ? (
              <b lang={vacancy.lang}>{vacancy.title}</b>
            ) : (
              <a href={localPath(ctx, '/vacancies')}>{t('applications.assist.find')}</a>
            )}
          </p>
        </Card>
        <Card>
          <h2>{t('applications.assist.person')}</h2>
          <FactsFields {...fields} />
        </Card>
        <Card>
          <h2>{t('applications.assist.can')}</h2>
          <ProfileFields {...fields} folded />
          <OfferFields {...fields} />
        </Card>
        <Card>
          <RadioGroup
            name="lang"
            label={t('applications.assist.lang')}
            value={values.lang}
            error={words.lang}
            options={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
            beside
          />
          <CheckboxField
            name="wish"
            label={t('applications.assist.wish')}
            error={words.wish}
            checked={values.wish === 'yes'}
          />
          <Buttons>
            <Button icon="print">{t('applications.assist.send')}</Button>
          </Buttons>
        </Card>
      </form>
    </WorkPage>
  )
}
