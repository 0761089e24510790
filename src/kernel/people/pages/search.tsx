import { z } from 'zod'
import { may } from '../../access/authorise.ts'
import type { Ctx } from '../../context.ts'
import { type FormErrors, type FormValues, readForm } from '../../http/forms.ts'
import { definePage, localPath, seeOther } from '../../http/page.ts'
import { Empty, Headline } from '../../ui/blocks.tsx'
import { Button, Buttons, LinkButton } from '../../ui/buttons.tsx'
import { DateField } from '../../ui/date-field.tsx'
import { ErrorSummary, errorTexts } from '../../ui/errors.tsx'
import { SelectField, TextField } from '../../ui/fields.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Tag } from '../../ui/states.tsx'
import { WorkPage } from '../../ui/work-layout.tsx'
import { findLookup, foundIn } from '../looks.ts'
import { type PersonLine, personLines } from '../persons.ts'
import { PURPOSES } from '../purposes.ts'
import { MOST_CANDIDATES, searchPeople } from '../search.ts'
import { birthText, langOf, namesText, placeText } from './words.ts'

export const PEOPLE = '/work/people'

/** With this field the form is only filled in: whoever comes from the general search box has stated no purpose yet. */
export const FILL = 'fill'

const part = z.string().regex(/^\d+$/, 'people.search.birth_wrong').optional()
const Question = z.object({
  name: z.string().max(200).optional(),
  birth_day: part,
  birth_month: part,
  birth_year: part,
  document: z.string().max(40).optional(),
  purpose: z.enum(PURPOSES, 'people.search.purpose_missing'),
  words: z.string().max(300).optional(),
})

/** The officers' search: any script and order, any part missing. Names never stand in the address; the purpose is asked for and kept. */
export const peoplePage = definePage({
  path: PEOPLE,
  access: 'person.search',
  async get(ctx, c) {
    const id = z.uuid().safeParse(c.req.query('lookup'))
    const lookup = id.success ? await findLookup(ctx, id.data) : undefined
    return <Search ctx={ctx} lookup={lookup} />
  },
  async post(ctx, c, form) {
    const result = readForm(Question, form)
    if (form.has(FILL)) return <Search ctx={ctx} values={result.values} />
    const errors = result.ok ? missing(result.value) : grouped(result.errors)
    const birth = result.ok ? birthOf(result.value) : null
    if (result.ok && birth === undefined) errors.birth = 'people.search.birth_wrong'
    else if (result.ok && birth && tooLittle(birth, result.value)) errors.birth = 'people.search.birth_alone'
    if (!result.ok || Object.keys(errors).length > 0) {
      c.status(422)
      return <Search ctx={ctx} values={result.values} errors={errors} />
    }
    const { name, document, purpose, words = null } = result.value
    const { lookup_id } = await searchPeople(ctx, { name, document, birth: birth ?? null, purpose, words })
    return seeOther(ctx, c, `${PEOPLE}?lookup=${lookup_id}`)
  },
})

type Asked = z.output<typeof Question>
type BirthParts = Partial<Record<'birth_day' | 'birth_month' | 'birth_year', string>>

const missing = ({ name, birth_year, document }: Asked): FormErrors =>
  name || birth_year || document ? {} : { name: 'people.search.nothing' }

// Of one year there are too many people, and 1 January stands for it in papers: it is asked for only beside something else.
const tooLittle = (birth: number, { name, document }: Asked): boolean =>
  !name && !document && (birth % 100 === 0 || birth % 10_000 === 101)

const grouped = (errors: FormErrors): FormErrors =>
  Object.fromEntries(Object.entries(errors).map(([field, key]) => [field.startsWith('birth_') ? 'birth' : field, key]))

/** null when nothing was asked, undefined when it is no date; day and month may be missing. */
export function birthOf({ birth_day = '0', birth_month = '0', birth_year }: BirthParts): number | null | undefined {
  if (!birth_year) return birth_day === '0' && birth_month === '0' ? null : undefined
  const [day, month, year] = [birth_day, birth_month, birth_year].map(Number) as [number, number, number]
  return year < 1900 || year > 2100 || month > 12 || day > 31 || (day > 0 && month === 0)
    ? undefined
    : year * 10_000 + month * 100 + day
}

type Props = { ctx: Ctx; values?: FormValues; errors?: FormErrors; lookup?: Awaited<ReturnType<typeof findLookup>> }

async function Search({ ctx, values = {}, errors = {}, lookup }: Props) {
  const { t } = ctx
  const words = errorTexts(ctx, errors)
  return (
    <WorkPage ctx={ctx} title={t('people.search.title')} current={PEOPLE}>
      <Headline title={t('people.search.title')} lead={t('people.search.lead')}>
        {may(ctx, 'person.enter') && (
          <LinkButton kind="second" icon="person" href={localPath(ctx, `${PEOPLE}/new`)}>
            {t('people.new.title')}
          </LinkButton>
        )}
      </Headline>
      <ErrorSummary ctx={ctx} errors={words} />
      {lookup && <Results ctx={ctx} lookup={lookup} />}
      <form method="post" action={localPath(ctx, PEOPLE)} class="card flow" autocomplete="off">
        {lookup && <h2>{t('people.search.again')}</h2>}
        <TextField
          name="name"
          label={t('people.search.name')}
          hint={t('people.search.name_hint')}
          value={values.name}
          error={words.name}
          maxlength={200}
          spellcheck={false}
        />
        <DateField
          ctx={ctx}
          name="birth"
          label={t('people.field.birth')}
          hint={t('people.search.birth_hint')}
          error={words.birth}
          value={{ day: values.birth_day, month: values.birth_month, year: values.birth_year }}
        />
        <TextField
          name="document"
          label={t('people.search.document')}
          value={values.document}
          error={words.document}
          maxlength={40}
          spellcheck={false}
        />
        <SelectField
          name="purpose"
          label={t('people.search.purpose')}
          hint={t('people.search.purpose_hint')}
          empty={t('ui.choose')}
          options={PURPOSES.map((value) => ({ value, label: t(`people.code.purpose.${value}`) }))}
          value={values.purpose ?? lookup?.purpose}
          error={words.purpose}
        />
        <TextField
          name="words"
          label={t('people.search.words')}
          value={values.words ?? lookup?.words}
          error={words.words}
          maxlength={300}
        />
        <Buttons>
          <Button icon="search">{t('people.search.button')}</Button>
        </Buttons>
      </form>
    </WorkPage>
  )
}

async function Results({ ctx, lookup }: { ctx: Ctx; lookup: NonNullable<Props['lookup']> }) {
  const { t } = ctx
  const found = await foundIn(ctx, lookup.id)
  const lines = await personLines(ctx, found)
  if (lines.length === 0) return <Empty title={t('people.search.none')} text={t('people.search.none_text')} />
  return (
    <section class="group unknown" aria-labelledby="found">
      <h2 id="found">{t('people.search.found', { count: lines.length })}</h2>
      <ul>
        {lines.map((line) => (
          <PersonRow ctx={ctx} line={line} />
        ))}
      </ul>
      {lookup.candidates >= MOST_CANDIDATES && <p>{t('people.search.more')}</p>}
      <p class="quiet">{t('people.search.kept', { purpose: t(`people.code.purpose.${lookup.purpose}`) })}</p>
    </section>
  )
}

async function PersonRow({ ctx, line }: { ctx: Ctx; line: PersonLine }) {
  const { t } = ctx
  const [name = t('people.nameless'), ...others] = namesText(line.names)
  const birth = birthText(line.birth)
  const place = await placeText(ctx, line.home_district ?? line.citizenship)
  return (
    <li class="task">
      <Icon name="person" />
      <h3>
        <a href={localPath(ctx, `${PEOPLE}/${line.reference}`)} lang={langOf(name)}>
          {name}
        </a>
      </h3>
      <p class="quiet">{[...others, place].filter(Boolean).join(' · ')}</p>
      <p class="due">
        <Tag state={birth ? 'ok' : 'unknown'} icon="calendar">
          {birth ?? t('ui.not_stated')}
        </Tag>
        <span class="code">{line.reference}</span>
      </p>
    </li>
  )
}
