import type { Context } from 'hono'
import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { type FormErrors, type FormValues, readForm } from '#kernel/http/forms.ts'
import { definePage, localPath, seeOther } from '#kernel/http/page.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import { RuleText } from '#kernel/law/rule-text.tsx'
import { readAbout } from '#kernel/notifications/inbox.ts'
import type { StatedRecord } from '#kernel/people/facts.ts'
import { placePath } from '#kernel/places/places.ts'
import { dateTimeAt } from '#kernel/places/times.ts'
import { Card, Crumb, Headline, More, Pairs } from '#kernel/ui/blocks.tsx'
import { Button, LinkButton } from '#kernel/ui/buttons.tsx'
import { RadioGroup } from '#kernel/ui/choices.tsx'
import { DateField, readDate } from '#kernel/ui/date-field.tsx'
import { ErrorSummary, errorTexts } from '#kernel/ui/errors.tsx'
import { HiddenField, TextField } from '#kernel/ui/fields.tsx'
import { Note, NotStated } from '#kernel/ui/states.tsx'
import { WorkPage } from '#kernel/ui/work-layout.tsx'
import { appealRule, PROCEEDING_TOPIC } from '../appeals.ts'
import { officeOf } from '../batches.ts'
import { PROCEEDINGS } from '../notices.ts'
import {
  changeProceeding,
  enterProceeding,
  getProceeding,
  hearingText,
  noteProceeding,
  type Proceeding,
} from '../proceedings.ts'
import { readDocument, readName } from '../reading.ts'
import { FactFields, readFacts, valuesOf } from './proceeding-form.tsx'
import { Clock } from './proceedings.tsx'
import { Telling } from './telling.tsx'
import { orNotStated, Who } from './words.tsx'

const Person = z.object({
  family: z.string('expulsions.proceeding.name_missing').max(100),
  given: z.string('expulsions.proceeding.name_missing').max(100),
  patronymic: z.string().max(100).optional(),
  birth_day: z.string().max(2).optional(),
  birth_month: z.string().max(2).optional(),
  birth_year: z.string().max(4).optional(),
  sex: z.enum(['male', 'female', 'unknown']).default('unknown'),
  document: z.string().max(40).optional(),
})

/** A proceeding entered by hand, as soon as anybody knows of it. */
export const newProceedingPage = definePage({
  path: `${PROCEEDINGS}/new`,
  access: 'expulsion.help',
  get: (ctx) => <Enter ctx={ctx} values={{}} errors={{}} />,
  async post(ctx, c, form) {
    const person = readPerson(ctx, form)
    const facts = await readFacts(ctx, form)
    if (!person.ok || !facts.ok) {
      c.status(422)
      return (
        <Enter
          ctx={ctx}
          values={{ ...textsOf(form), ...(!facts.ok && facts.values) }}
          errors={{ ...(person.ok ? {} : person.errors), ...(facts.ok ? {} : facts.errors) }}
        />
      )
    }
    const reference = await enterProceeding(ctx, person.person, facts.facts)
    return seeOther(ctx, c, `${PROCEEDINGS}/${reference}?done=entered`)
  },
})

/** One proceeding: how much time is left, what help there is, and what is known. */
export const proceedingPage = definePage({
  path: `${PROCEEDINGS}/:reference`,
  access: 'expulsion.help',
  async get(ctx, c) {
    const proceeding = await ofRequest(ctx, c)
    return <Show ctx={ctx} proceeding={proceeding} done={c.req.query('done')} />
  },
  async post(ctx, c, form) {
    const proceeding = await ofRequest(ctx, c)
    const read = await readFacts(ctx, form, proceeding)
    if (!read.ok) {
      c.status(422)
      return <Show ctx={ctx} proceeding={proceeding} values={read.values} errors={read.errors} />
    }
    // Somebody saved meanwhile: nothing is written, and what they know stands wherever this officer changed nothing.
    const typed = textsOf(form)
    if (typed.seen && typed.seen !== String(proceeding.changed_at)) {
      c.status(409)
      const known = await valuesOf(ctx, proceeding)
      const now = { seen: String(proceeding.changed_at), was: JSON.stringify(known) }
      return <Show ctx={ctx} proceeding={proceeding} values={{ ...known, ...changed(typed), ...now }} meanwhile />
    }
    await changeProceeding(ctx, proceeding, read.facts)
    return seeOther(ctx, c, `${PROCEEDINGS}/${proceeding.reference}?done=changed`)
  },
})

const textsOf = (form: FormData): FormValues =>
  Object.fromEntries([...form].filter((pair): pair is [string, string] => typeof pair[1] === 'string'))
// What was typed otherwise than the form showed it; a day as a whole.
function changed({ was, ...typed }: FormValues): FormValues {
  const before = shownBefore(was)
  const whole = (name: string) => name.replace(/_(day|month|year)$/, '')
  const names = Object.keys(typed).filter((name) => typed[name] !== (before[name] ?? ''))
  const fields = new Set(names.map(whole))
  return Object.fromEntries(Object.entries(typed).filter(([name]) => fields.has(whole(name))))
}

function shownBefore(was = ''): FormValues {
  try {
    return z.record(z.string(), z.string()).parse(JSON.parse(was))
  } catch {
    return {}
  }
}

const ofRequest = (ctx: Ctx, c: Context) => getProceeding(ctx, c.req.param('reference')!)

function readPerson(ctx: Ctx, form: FormData): { ok: true; person: StatedRecord } | { ok: false; errors: FormErrors } {
  const read = readForm(Person, form)
  if (!read.ok) return read
  const errors: FormErrors = {}
  const { birth_day: day, birth_month: month, birth_year: year, sex, document } = read.value
  const born = readDate({ day, month, year })
  if ((day || month || year) && (!born || Temporal.PlainDate.compare(born, plainDate(ctx.now)) > 0))
    errors.birth = 'expulsions.proceeding.date_wrong'
  const number = document ? readDocument(document) : null
  if (number && 'error' in number) errors.document = 'expulsions.import.document_short'
  const name = (text: string) => {
    const reading = readName(text)
    return 'value' in reading ? String(reading.value) : text
  }
  if (Object.keys(errors).length > 0) return { ok: false, errors }
  const { family, given, patronymic } = read.value
  return {
    ok: true,
    person: {
      names: [{ family: name(family), given: name(given), ...(patronymic && { patronymic: name(patronymic) }) }],
      birth: born && born.year * 10_000 + born.month * 100 + born.day,
      sex: sex === 'unknown' ? null : sex,
      documents: number && 'value' in number ? [{ kind: 'passport', number: String(number.value) }] : [],
      adverse: true,
    },
  }
}

function Enter({ ctx, values, errors }: { ctx: Ctx; values: FormValues; errors: FormErrors }) {
  const { t } = ctx
  const words = errorTexts(ctx, errors, values)
  return (
    <WorkPage ctx={ctx} title={t('expulsions.proceedings.new')} current={PROCEEDINGS} path={`${PROCEEDINGS}/new`}>
      <Crumb href={localPath(ctx, PROCEEDINGS)} label={t('expulsions.proceedings.title')} />
      <Headline title={t('expulsions.proceedings.new')} lead={t('expulsions.proceeding.new_lead')} />
      <ErrorSummary ctx={ctx} errors={words} />
      <form method="post" class="card flow">
        <fieldset class="flow">
          <legend>
            <h2>{t('expulsions.proceeding.person')}</h2>
          </legend>
          <div class="side">
            {(['family', 'given', 'patronymic'] as const).map((name) => (
              <TextField
                name={name}
                label={t(`expulsions.column.${name}`)}
                value={values[name]}
                error={words[name]}
                autocomplete="off"
                spellcheck={false}
                maxlength={100}
              />
            ))}
          </div>
          <DateField
            ctx={ctx}
            name="birth"
            label={t('expulsions.column.birth')}
            error={words.birth}
            value={{ day: values.birth_day, month: values.birth_month, year: values.birth_year }}
          />
          <RadioGroup
            name="sex"
            label={t('expulsions.column.sex')}
            value={values.sex ?? 'unknown'}
            options={['male', 'female', 'unknown'].map((value) => ({
              value,
              label: t(`expulsions.code.sex.${value}`),
            }))}
          />
          <TextField
            name="document"
            label={t('expulsions.column.document')}
            value={values.document}
            error={words.document}
            autocomplete="off"
            maxlength={40}
          />
        </fieldset>
        <FactFields ctx={ctx} values={values} words={words} />
        <Button>{t('expulsions.proceeding.enter')}</Button>
      </form>
    </WorkPage>
  )
}

// What nobody has asked about has the shape of what is not known.
const asked = (ctx: Ctx, list: 'help' | 'certificate' | 'wages' | 'belongings', value: string) => {
  const word = ctx.t(`expulsions.code.${list}.${value}`)
  return value === 'unknown' ? <NotStated ctx={ctx}>{word}</NotStated> : word
}

type Props = {
  ctx: Ctx
  proceeding: Proceeding
  done?: string
  values?: FormValues
  errors?: FormErrors
  meanwhile?: boolean
}

async function Show({ ctx, proceeding, done, values, errors = {}, meanwhile = false }: Props) {
  const { t, format } = ctx
  const words = errorTexts(ctx, errors, values)
  await noteProceeding(ctx, proceeding)
  await readAbout(ctx, { type: 'proceeding', id: proceeding.reference })
  const path = `${PROCEEDINGS}/${proceeding.reference}`
  const day = (date: Temporal.PlainDate | null) => orNotStated(ctx, date && format.date(date))
  const { appeal_until, place_code } = proceeding
  const known = await valuesOf(ctx, proceeding)
  return (
    <WorkPage
      ctx={ctx}
      title={t('expulsions.proceeding.title', { reference: proceeding.reference })}
      current={PROCEEDINGS}
      path={path}
    >
      <Crumb href={localPath(ctx, PROCEEDINGS)} label={t('expulsions.proceedings.title')}>
        <span class="code">{proceeding.reference}</span>
      </Crumb>
      <Headline
        title={<Who ctx={ctx} name={proceeding.name} birth={proceeding.birth} />}
        lead={`${t(`expulsions.code.proceeding.${proceeding.status}`)} · ${await placePath(ctx, proceeding.place_code)}`}
      >
        <LinkButton kind="second" icon="doc" href={localPath(ctx, `${path}/appeal`)}>
          {t('expulsions.draft.link')}
        </LinkButton>
      </Headline>
      {(done === 'entered' || done === 'changed' || done === 'told') && (
        <Note state="ok" title={t(`expulsions.done.${done}`)} announce />
      )}
      {meanwhile && (
        <Note state="attention" title={t('expulsions.proceeding.meanwhile')} announce>
          {t('expulsions.proceeding.meanwhile_text')}
        </Note>
      )}
      <ErrorSummary ctx={ctx} errors={words} />
      <Card>
        <h2>{t('expulsions.proceeding.clock')}</h2>
        <p>
          <Clock ctx={ctx} proceeding={proceeding} />
        </p>
        <Pairs
          items={[
            [
              t('expulsions.proceeding.appeal_on'),
              orNotStated(ctx, appeal_until && (await dateTimeAt(ctx, appeal_until, place_code))),
            ],
            [t('expulsions.proceeding.served_on'), day(proceeding.served_on)],
            [t('expulsions.proceeding.appeal_basis'), orNotStated(ctx, proceeding.appeal_basis)],
            [t('expulsions.proceeding.hearing_on'), orNotStated(ctx, await hearingText(ctx, proceeding))],
            [t('expulsions.proceeding.detained_at'), orNotStated(ctx, proceeding.detained_at)],
            [t('expulsions.proceeding.authority'), orNotStated(ctx, proceeding.authority)],
            [t('expulsions.proceeding.office'), proceeding.custodian_name],
          ]}
        />
        <RuleText
          ctx={ctx}
          unknown={ctx.t('expulsions.clock.no_rule')}
          rule={
            await appealRule(ctx, PROCEEDING_TOPIC, proceeding.served_on ?? plainDate(ctx.now), proceeding.place_code)
          }
        />
      </Card>
      <Card>
        <h2>{t('expulsions.proceeding.help')}</h2>
        <Pairs
          items={[
            [t('expulsions.proceeding.lawyer'), asked(ctx, 'help', proceeding.lawyer)],
            [t('expulsions.proceeding.interpreter'), asked(ctx, 'help', proceeding.interpreter)],
            [t('expulsions.proceeding.visited_on'), day(proceeding.visited_on)],
            [t('expulsions.proceeding.certificate'), asked(ctx, 'certificate', proceeding.certificate)],
            [t('expulsions.proceeding.children'), orNotStated(ctx, proceeding.children?.toString())],
            [t('expulsions.proceeding.wages_owed'), asked(ctx, 'wages', proceeding.wages_owed)],
            [t('expulsions.proceeding.belongings'), asked(ctx, 'belongings', proceeding.belongings)],
          ]}
        />
      </Card>
      <Telling
        ctx={ctx}
        matter={{ type: 'proceeding', id: proceeding.id }}
        reference={proceeding.reference}
        action={localPath(ctx, `${path}/person`)}
      />
      {proceeding.custodian === officeOf(ctx) && (
        <More
          icon="doc"
          label={t('expulsions.proceeding.change')}
          open={Object.keys(errors).length > 0 || meanwhile}
          card
        >
          <form method="post" class="flow">
            <HiddenField name="seen" value={values?.seen ?? String(proceeding.changed_at)} />
            <HiddenField name="was" value={values?.was ?? JSON.stringify(known)} />
            <FactFields ctx={ctx} values={values ?? known} words={words} />
            <Button>{t('expulsions.proceeding.save')}</Button>
          </form>
        </More>
      )}
    </WorkPage>
  )
}
