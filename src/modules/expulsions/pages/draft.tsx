import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { z } from 'zod'
import { audit } from '#kernel/audit/audit.ts'
import type { Ctx } from '#kernel/context.ts'
import { attachment } from '#kernel/files/response.ts'
import { type FormErrors, type FormValues, readForm } from '#kernel/http/forms.ts'
import { keptNothing } from '#kernel/http/limits.ts'
import { definePage, localPath } from '#kernel/http/page.ts'
import { inLanguage } from '#kernel/i18n/in-language.ts'
import { drawOwnLetter, LETTER_LANGUAGES, type LetterLang } from '#kernel/letters/letters.ts'
import type { Sheet } from '#kernel/letters/sheet.ts'
import { nameText } from '#kernel/people/facts.ts'
import { birthText } from '#kernel/people/pages/words.ts'
import { Crumb } from '#kernel/ui/blocks.tsx'
import { Button, Buttons } from '#kernel/ui/buttons.tsx'
import { CheckboxField, CheckboxGroup, RadioGroup } from '#kernel/ui/choices.tsx'
import { ErrorSummary, errorTexts } from '#kernel/ui/errors.tsx'
import { HiddenField, TextArea, TextField } from '#kernel/ui/fields.tsx'
import { PublicPage } from '#kernel/ui/layout.tsx'
import { Note } from '#kernel/ui/states.tsx'
import { WorkPage } from '#kernel/ui/work-layout.tsx'
import { DRAFTS, Draft, type DraftFields, draftSheet, REASONS } from '../draft.ts'
import { getMeasure, noteMeasure } from '../measures.ts'
import { BATCHES, PROCEEDINGS } from '../notices.ts'
import { getProceeding, noteProceeding } from '../proceedings.ts'

/** Where everybody writes such a letter, without an account. */
export const DRAFT = '/appeal-letter'

/** An appeal, a request to lift a measure or for the case files, for anybody: nothing typed here is kept. */
export const draftPage = definePage({
  path: DRAFT,
  access: 'public',
  get: (ctx) => publicForm(ctx, {}, {}),
  post(ctx, c, form) {
    // Drawing it for paper is work.
    if (!form.has('as')) keptNothing(c)
    return answer(ctx, c, form, (values, errors, fields) => publicForm(ctx, values, errors, fields))
  },
})

const publicForm = (ctx: Ctx, values: FormValues, errors: FormErrors, fields?: DraftFields) => (
  <PublicPage
    ctx={ctx}
    title={ctx.t('expulsions.draft.title')}
    description={ctx.t('expulsions.draft.lead')}
    path={DRAFT}
    robots={fields ? 'noindex' : undefined}
  >
    <div class="flow">
      <h1>{ctx.t('expulsions.draft.title')}</h1>
      <DraftForm ctx={ctx} values={values} errors={errors} fields={fields} />
    </div>
  </PublicPage>
)

/** The same for the person of a measure, filled in as far as the measure says. */
export const measureDraftPage = definePage({
  path: `${BATCHES}/measures/:reference/appeal`,
  access: 'expulsion.help',
  async get(ctx, c) {
    const { values, view, measure } = await ofMeasure(ctx, c)
    await noteMeasure(ctx, measure.id, measure.record_id, 'help')
    return view(values, {})
  },
  async post(ctx, c, form) {
    const { view, measure } = await ofMeasure(ctx, c)
    await audit(ctx, 'appeal.draft', { type: 'measure', id: measure.id })
    return answer(ctx, c, form, view)
  },
})

/** The same for the person of a proceeding. */
export const proceedingDraftPage = definePage({
  path: `${PROCEEDINGS}/:reference/appeal`,
  access: 'expulsion.help',
  async get(ctx, c) {
    const { values, view, proceeding } = await ofProceeding(ctx, c)
    await noteProceeding(ctx, proceeding)
    return view(values, {})
  },
  async post(ctx, c, form) {
    const { view, proceeding } = await ofProceeding(ctx, c)
    await audit(ctx, 'appeal.draft', { type: 'proceeding', id: proceeding.id })
    return answer(ctx, c, form, view)
  },
})

type View = (values: FormValues, errors: FormErrors, fields?: DraftFields) => Child

async function ofMeasure(ctx: Ctx, c: Context) {
  const measure = await getMeasure(ctx, c.req.param('reference')!)
  const [latest] = measure.versions
  const { issuer, decision_no, decision_on } = latest!
  const values = prefilled({
    ...{ to: issuer, issuer, number: decision_no, date: decision_on && dayText(decision_on) },
    ...{ name: measure.names[0] && nameText(measure.names[0]), birth: measure.birth && birthText(measure.birth) },
  })
  const path = `${BATCHES}/measures/${measure.reference}`
  return { values, measure, view: staffForm(ctx, path, measure.reference, BATCHES) }
}

async function ofProceeding(ctx: Ctx, c: Context) {
  const proceeding = await getProceeding(ctx, c.req.param('reference')!)
  const { authority, decision_on, name, birth } = proceeding
  const values = prefilled({
    ...{ to: authority, issuer: authority, date: decision_on && dayText(decision_on) },
    ...{ name: name && nameText(name), birth: birth && birthText(birth) },
  })
  return {
    values,
    proceeding,
    view: staffForm(ctx, `${PROCEEDINGS}/${proceeding.reference}`, proceeding.reference, PROCEEDINGS),
  }
}

const staffForm =
  (ctx: Ctx, path: string, reference: string, current: string): View =>
  (values, errors, fields) => (
    <WorkPage ctx={ctx} title={ctx.t('expulsions.draft.title')} current={current} path={`${path}/appeal`}>
      <Crumb href={localPath(ctx, path)} label={ctx.t('expulsions.draft.back')}>
        <span class="code">{reference}</span>
      </Crumb>
      <h1>{ctx.t('expulsions.draft.title')}</h1>
      <DraftForm ctx={ctx} values={values} errors={errors} fields={fields} />
    </WorkPage>
  )

const prefilled = (values: Record<string, string | number | null | undefined>): FormValues =>
  Object.fromEntries(Object.entries(values).flatMap(([key, value]) => (value ? [[key, String(value)]] : [])))

// As it stands in Russian papers.
const dayText = ({ day, month, year }: Temporal.PlainDate) =>
  `${String(day).padStart(2, '0')}.${String(month).padStart(2, '0')}.${year}`

async function answer(ctx: Ctx, c: Context, form: FormData, view: View): Promise<Response | Child> {
  const read = readForm(Draft.extend({ as: z.enum(LETTER_LANGUAGES).optional() }), form)
  if (!read.ok) {
    c.status(422)
    return view(read.values, read.errors)
  }
  const { as, ...fields } = read.value
  if (!as) return view(read.values, {}, fields)
  const pdf = await drawOwnLetter(ctx, as, draftSheet(ctx, as, fields))
  const name = `${inLanguage(ctx, as).t(`expulsions.draft.heading.${fields.kind}`)}.pdf`
  return new Response(new Uint8Array(pdf), { headers: attachment('application/pdf', name) })
}

type Props = { ctx: Ctx; values: FormValues; errors: FormErrors; fields?: DraftFields }

function DraftForm({ ctx, values, errors, fields }: Props) {
  const { t } = ctx
  const words = errorTexts(ctx, errors)
  const text = (name: 'to' | 'name' | 'birth' | 'address' | 'issuer' | 'number' | 'date', most: number) => (
    <TextField
      name={name}
      label={t(`expulsions.draft.field.${name}`)}
      hint={['to', 'name'].includes(name) ? t(`expulsions.draft.hint.${name}`) : undefined}
      value={values[name]}
      error={words[name]}
      autocomplete="off"
      spellcheck={false}
      maxlength={most}
    />
  )
  return (
    <>
      {fields && <Both ctx={ctx} fields={fields} />}
      {!fields && <p>{t('expulsions.draft.lead')}</p>}
      <Note state="attention" title={t('expulsions.draft.advice')}>
        {t('expulsions.draft.nothing_kept')}
      </Note>
      <ErrorSummary ctx={ctx} errors={words} />
      <form method="post" class="flow" autocomplete="off">
        <RadioGroup
          name="kind"
          label={t('expulsions.draft.kind')}
          value={values.kind}
          error={words.kind}
          options={DRAFTS.map((value) => ({
            value,
            label: t(`expulsions.draft.heading.${value}`),
            hint: t(`expulsions.draft.when.${value}`),
          }))}
        />
        {text('to', 200)}
        {text('name', 150)}
        {text('birth', 30)}
        {text('address', 200)}
        {text('issuer', 200)}
        {text('number', 80)}
        {text('date', 30)}
        <CheckboxGroup
          name="reasons"
          label={t('expulsions.draft.reasons')}
          values={values.reasons?.split(',') ?? []}
          options={REASONS.map((value) => ({ value, label: t(`expulsions.draft.say.${value}`) }))}
        />
        <TextArea
          name="words"
          label={t('expulsions.draft.words')}
          hint={t('expulsions.draft.words_hint')}
          value={values.words}
          error={words.words}
          maxlength={2000}
          rows={4}
        />
        {(['restore', 'interpreter'] as const).map((name) => (
          <CheckboxField name={name} label={t(`expulsions.draft.${name}`)} checked={values[name] === 'yes'} />
        ))}
        <Button>{t('expulsions.draft.show')}</Button>
      </form>
    </>
  )
}

/** The Russian letter and its Tajik copy beside each other, and the same as PDF. */
const Both = ({ ctx, fields }: { ctx: Ctx; fields: DraftFields }) => {
  const { t } = ctx
  return (
    <section class="flow" id="letter">
      <div class="pair">
        {(['ru', 'tg'] as const).map((lang) => (
          <div class="card flow">
            <p class="quiet">{t(`expulsions.draft.copy.${lang}`)}</p>
            <Paper ctx={ctx} lang={lang} sheet={draftSheet(ctx, lang, fields)} />
          </div>
        ))}
      </div>
      <form method="post">
        {Object.entries(fields).map(([name, value]) =>
          [value].flat().map((one) => <HiddenField name={name} value={one} />),
        )}
        <Buttons>
          {(['ru', 'tg'] as const).map((lang) => (
            <Button kind={lang === 'ru' ? 'filled' : 'second'} icon="doc" name="as" value={lang}>
              {t(`expulsions.draft.pdf.${lang}`)}
            </Button>
          ))}
        </Buttons>
      </form>
    </section>
  )
}

const Paper = ({ ctx, lang, sheet }: { ctx: Ctx; lang: LetterLang; sheet: Sheet }) => {
  const { t } = inLanguage(ctx, lang)
  return (
    <article class="flow" lang={lang}>
      <p>
        {t('letters.sheet.to')}: <b>{sheet.to.join(', ')}</b>
      </p>
      <p>
        {sheet.from.map((one) => (
          <>
            {one}
            <br />
          </>
        ))}
      </p>
      <h2>{sheet.heading}</h2>
      {sheet.parts.map((part) =>
        part.kind === 'heading' ? <h3>{part.text}</h3> : part.kind === 'text' ? <p>{part.text}</p> : null,
      )}
      <p>{t('letters.sheet.own_signature')}: ______________</p>
    </article>
  )
}
