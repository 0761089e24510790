import { z } from 'zod'
import { askProof } from '../../access/step-up.ts'
import type { Ctx } from '../../context.ts'
import { type FormValues, readForm } from '../../http/forms.ts'
import { definePage, localPath, seeOther } from '../../http/page.ts'
import { LANGUAGES, type Lang } from '../../i18n/languages.ts'
import { placeName } from '../../places/places.ts'
import { Crumb, Headline, More, Pairs } from '../../ui/blocks.tsx'
import { Button, Buttons } from '../../ui/buttons.tsx'
import { ErrorSummary, errorTexts } from '../../ui/errors.tsx'
import { SelectField, TextField } from '../../ui/fields.tsx'
import { Note } from '../../ui/states.tsx'
import { WorkPage } from '../../ui/work-layout.tsx'
import {
  closeOrganisation,
  createOrganisation,
  getOrganisation,
  nameOf,
  ORGANISATION_KINDS,
  renameOrganisation,
} from '../organisations.ts'
import { StateTag } from './list.tsx'

const LIST = '/work/organisations'
const NEW = `${LIST}/new`
const DONE = ['created', 'renamed', 'closed', 'opened'] as const

const NAMES = z.object(
  Object.fromEntries(LANGUAGES.map((lang) => [`name_${lang}`, z.string().max(200).optional()])) as Record<
    `name_${Lang}`,
    z.ZodOptional<z.ZodString>
  >,
)
const FOUNDED = NAMES.extend({
  kind: z.enum(ORGANISATION_KINDS, 'organisations.kind_missing'),
  country: z.string('organisations.country_form').regex(/^[A-Z]{2}$/, 'organisations.country_form'),
})

/** A new organisation: what it is, where it sits, and its names. */
export const newOrganisationPage = definePage({
  path: NEW,
  access: 'organisation.administer',
  get: (ctx) => showNew(ctx, { country: 'TJ' }),
  async post(ctx, c, form) {
    const read = readForm(FOUNDED, form)
    const errors = { ...(read.ok ? {} : read.errors), ...nameless(read.values) }
    if (!read.ok || Object.keys(errors).length > 0) {
      c.status(422)
      return showNew(ctx, read.values, errorTexts(ctx, errors))
    }
    const { kind, country } = read.value
    const id = await createOrganisation(ctx, { kind, country, names: namesIn(read.values) })
    return seeOther(ctx, c, `${LIST}/${id}?done=created`)
  },
})

/** One organisation: its names in every language. */
export const organisationPage = definePage({
  path: `${LIST}/:id`,
  access: 'organisation.administer',
  get: (ctx, c) =>
    show(
      ctx,
      c.req.param('id')!,
      DONE.find((one) => one === c.req.query('done')),
    ),
  async post(ctx, c, form) {
    const { id } = await getOrganisation(ctx, c.req.param('id')!)
    const read = readForm(NAMES, form)
    const errors = { ...(read.ok ? {} : read.errors), ...nameless(read.values) }
    if (Object.keys(errors).length > 0) {
      c.status(422)
      return show(ctx, id, undefined, read.values, errorTexts(ctx, errors))
    }
    await renameOrganisation(ctx, id, namesIn(read.values))
    return seeOther(ctx, c, `${LIST}/${id}?done=renamed`)
  },
})

/** Closes an organisation, or opens it again. */
export const closingPage = definePage({
  path: `${LIST}/:id/closing`,
  access: 'organisation.administer',
  get: (ctx, c) => seeOther(ctx, c, `${LIST}/${c.req.param('id')}`),
  async post(ctx, c) {
    const { id, closed_at } = await getOrganisation(ctx, c.req.param('id')!)
    const away = await askProof(ctx, c, `${LIST}/${id}`)
    if (away) return away
    await closeOrganisation(ctx, id, closed_at === null)
    return seeOther(ctx, c, `${LIST}/${id}?done=${closed_at === null ? 'closed' : 'opened'}`)
  },
})

async function showNew(ctx: Ctx, values: FormValues, errors?: Record<string, string>) {
  const { t } = ctx
  return (
    <WorkPage ctx={ctx} title={t('organisations.new')} current={LIST} path={NEW}>
      <Crumb href={localPath(ctx, LIST)} label={t('organisations.title')} />
      <ErrorSummary ctx={ctx} errors={errors} />
      <Headline title={t('organisations.new')} />
      <form method="post" action={localPath(ctx, NEW)} novalidate>
        <NameFields ctx={ctx} values={values} errors={errors} />
        <SelectField
          name="kind"
          label={t('organisations.kind')}
          error={errors?.kind}
          empty={t('ui.choose')}
          value={values.kind}
          options={ORGANISATION_KINDS.map((value) => ({ value, label: t(`organisations.code.kind.${value}`) }))}
        />
        <TextField
          name="country"
          label={t('organisations.country')}
          hint={t('organisations.country_hint')}
          error={errors?.country}
          value={values.country}
          maxlength={2}
          width="short"
        />
        <Buttons>
          <Button>{t('organisations.save')}</Button>
        </Buttons>
      </form>
    </WorkPage>
  )
}

async function show(
  ctx: Ctx,
  id: string,
  done?: (typeof DONE)[number],
  values?: FormValues,
  errors?: Record<string, string>,
) {
  const { t, format } = ctx
  const organisation = await getOrganisation(ctx, id)
  const { kind, country, created_at, closed_at, names } = organisation
  const name = nameOf(organisation, ctx.lang)
  const verb = closed_at ? 'open' : 'close'
  return (
    <WorkPage ctx={ctx} title={name} current={LIST} path={`${LIST}/${id}`}>
      <Crumb href={localPath(ctx, LIST)} label={t('organisations.title')} />
      {done && <Note state="ok" title={t(`organisations.done.${done}`)} announce />}
      <ErrorSummary ctx={ctx} errors={errors} />
      <Headline title={name} />
      <Pairs
        items={[
          [t('organisations.state'), <StateTag ctx={ctx} organisation={organisation} />],
          [t('organisations.kind'), t(`organisations.code.kind.${kind}`)],
          [t('organisations.country'), await placeName(ctx, country)],
          [t('organisations.created'), format.date(created_at)],
          closed_at && [t('organisations.closed'), format.date(closed_at)],
        ]}
      />
      <p>
        <a href={localPath(ctx, `/work/users?organisation=${id}`)}>{t('organisations.people')}</a>
      </p>
      <h2>{t('organisations.names')}</h2>
      <form method="post" action={localPath(ctx, `${LIST}/${id}`)} novalidate>
        <NameFields
          ctx={ctx}
          values={values ?? Object.fromEntries(Object.entries(names).map(([lang, text]) => [`name_${lang}`, text]))}
          errors={errors}
        />
        <Buttons>
          <Button>{t('organisations.save')}</Button>
        </Buttons>
      </form>
      <More icon={closed_at ? 'undo' : 'x'} label={t(`organisations.${verb}`)}>
        <p>{t(`organisations.${verb}_what`)}</p>
        <form method="post" action={localPath(ctx, `${LIST}/${id}/closing`)}>
          <Buttons>
            <Button kind="second">{t(`organisations.${verb}`)}</Button>
          </Buttons>
        </form>
      </More>
    </WorkPage>
  )
}

const NameFields = ({
  ctx,
  values,
  errors,
}: {
  ctx: Ctx
  values: FormValues
  errors?: Record<string, string> | undefined
}) => (
  <>
    {LANGUAGES.map((lang) => (
      <TextField
        name={`name_${lang}`}
        label={ctx.t(`organisations.name_in.${lang}`)}
        error={errors?.[`name_${lang}`]}
        value={values[`name_${lang}`]}
        lang={lang}
        maxlength={200}
      />
    ))}
  </>
)

const namesIn = (values: FormValues) => Object.fromEntries(LANGUAGES.map((lang) => [lang, values[`name_${lang}`]]))

// One language is enough: the others fall back to it.
const nameless = (values: FormValues): Record<string, string> =>
  LANGUAGES.some((lang) => values[`name_${lang}`]) ? {} : { [`name_${LANGUAGES[0]}`]: 'organisations.name_missing' }
