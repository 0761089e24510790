import type { Context } from 'hono'
import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { type FormErrors, type FormValues, readForm } from '#kernel/http/forms.ts'
import { definePage, localPath, seeOther } from '#kernel/http/page.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import { RuleText } from '#kernel/law/rule-text.tsx'
import { LETTER_LANGUAGES, LETTERS } from '#kernel/letters/letters.ts'
import type { SafeContact } from '#kernel/people/reach.ts'
import { problem } from '#kernel/problem.ts'
import { Card, Crumb, Headline, Pairs } from '#kernel/ui/blocks.tsx'
import { Button, LinkButton } from '#kernel/ui/buttons.tsx'
import { RadioGroup } from '#kernel/ui/choices.tsx'
import { DateField, readDate } from '#kernel/ui/date-field.tsx'
import { ErrorSummary, errorTexts } from '#kernel/ui/errors.tsx'
import { Note, NotStated } from '#kernel/ui/states.tsx'
import { WorkPage } from '#kernel/ui/work-layout.tsx'
import { appealRule, appealTopic, findAppeal, setAppeal } from '../appeals.ts'
import { type Asked, askToCome, noteInformed, safeContacts, WAYS } from '../informing.ts'
import { getMeasure, type KnownMeasure, noteMeasure } from '../measures.ts'
import { BATCHES, PROCEEDINGS } from '../notices.ts'
import { issueMeasureLetter, issueProceedingLetter } from '../person-letter.ts'
import { getProceeding } from '../proceedings.ts'
import { Clock } from './proceedings.tsx'
import { Telling } from './telling.tsx'
import { Who } from './words.tsx'

const part = (most: number) => z.string().max(most).optional()
const Act = z.object({
  act: z.enum(['clock', 'reach', 'message', 'letter', 'told']),
  lang: z.enum(LETTER_LANGUAGES).default('tg'),
  way: z.enum(WAYS).optional(),
  contact: z.uuid().optional(),
  ...{ served_on_day: part(2), served_on_month: part(2), served_on_year: part(4) },
  ...{ appealed_on_day: part(2), appealed_on_month: part(2), appealed_on_year: part(4) },
})
type Read = z.output<typeof Act>

const pathOf = ({ reference }: { reference: string }) => `${BATCHES}/measures/${reference}/person`

/** Help for the person of a measure: the clock of the appeal, a safe way to reach them, what is handed over, who told them. */
export const personHelpPage = definePage({
  path: `${BATCHES}/measures/:reference/person`,
  access: 'expulsion.help',
  async get(ctx, c) {
    const measure = await ofRequest(ctx, c)
    return <Help ctx={ctx} measure={measure} done={c.req.query('done')} />
  },
  async post(ctx, c, form) {
    const measure = await ofRequest(ctx, c)
    const read = readForm(Act, form)
    if (!read.ok) throw problem('bad_request')
    const { act, lang, way, contact } = read.value
    const back = (done: string) => seeOther(ctx, c, `${pathOf(measure)}?done=${done}`)
    if (act === 'letter') return seeOther(ctx, c, `${LETTERS}/${await issueMeasureLetter(ctx, measure, lang)}`)
    if (act === 'told' && way) {
      await noteInformed(ctx, { type: 'measure', id: measure.id }, way)
      return back('told')
    }
    // Answered, not redirected to: a telephone number has no address.
    if (act === 'reach') return <Help ctx={ctx} measure={measure} contacts={await safeContacts(ctx, measure.id)} />
    if (act === 'message' && contact) {
      const asked = await askToCome(ctx, measure, contact, lang, pathOf(measure))
      return back(asked)
    }
    if (act !== 'clock') throw problem('bad_request')
    const errors = await setClock(ctx, measure, read.value)
    if (!errors) return back('clock')
    c.status(422)
    return <Help ctx={ctx} measure={measure} values={read.values} errors={errors} />
  },
})

/** The printout of a proceeding, and the note that the person was told. */
export const proceedingTellingPage = definePage({
  path: `${PROCEEDINGS}/:reference/person`,
  access: 'expulsion.help',
  async post(ctx, c, form) {
    const proceeding = await getProceeding(ctx, c.req.param('reference')!)
    const read = readForm(Act, form)
    if (!read.ok) throw problem('bad_request')
    const { act, lang, way } = read.value
    if (act === 'letter') return seeOther(ctx, c, `${LETTERS}/${await issueProceedingLetter(ctx, proceeding, lang)}`)
    if (act !== 'told' || !way) throw problem('bad_request')
    await noteInformed(ctx, { type: 'proceeding', id: proceeding.id }, way)
    return seeOther(ctx, c, `${PROCEEDINGS}/${proceeding.reference}?done=told#told`)
  },
})

const ofRequest = (ctx: Ctx, c: Context) => getMeasure(ctx, c.req.param('reference')!)

async function setClock(ctx: Ctx, measure: KnownMeasure, value: Read): Promise<FormErrors | null> {
  const day = (name: 'served_on' | 'appealed_on') =>
    readDate({ day: value[`${name}_day`], month: value[`${name}_month`], year: value[`${name}_year`] })
  const served_on = day('served_on')
  const appealed_on = day('appealed_on')
  const today = plainDate(ctx.now)
  const ahead = (date: Temporal.PlainDate | null) => date !== null && Temporal.PlainDate.compare(date, today) > 0
  if (!served_on || ahead(served_on)) return { served_on: 'expulsions.proceeding.date_wrong' }
  const given = [value.appealed_on_day, value.appealed_on_month, value.appealed_on_year].some(Boolean)
  if ((given && !appealed_on) || ahead(appealed_on)) return { appealed_on: 'expulsions.proceeding.date_wrong' }
  const { id, versions } = measure
  const { decision_on } = versions[0]!
  if (decision_on && Temporal.PlainDate.compare(served_on, decision_on) < 0)
    return { served_on: 'expulsions.proceeding.served_before' }
  const set = await setAppeal(ctx, { id, kind: versions[0]!.kind }, { served_on, appealed_on })
  return set ? null : { served_on: 'expulsions.clock.no_rule' }
}

type Props = {
  ctx: Ctx
  measure: KnownMeasure
  done?: string
  contacts?: readonly SafeContact[]
  values?: FormValues
  errors?: FormErrors
}

const DONE: Record<Asked | 'told' | 'clock', 'ok' | 'attention'> = {
  ...{ told: 'ok', clock: 'ok', sent: 'ok', no_contact: 'attention', number: 'attention', quota: 'attention' },
  no_gateway: 'attention',
}

async function Help({ ctx, measure, done, contacts, values = {}, errors = {} }: Props) {
  const { t, format } = ctx
  const latest = measure.versions[0]!
  await noteMeasure(ctx, measure.id, measure.record_id, 'help')
  const clock = await findAppeal(ctx, measure.id)
  const rule = await appealRule(ctx, appealTopic(latest.kind), clock?.served_on ?? plainDate(ctx.now))
  const words = errorTexts(ctx, errors)
  const action = localPath(ctx, pathOf(measure))
  const dates: FormValues = {
    ...valuesOf('served_on', clock?.served_on),
    ...valuesOf('appealed_on', clock?.appealed_on),
    ...values,
  }
  const date = (name: 'served_on' | 'appealed_on', hint?: string) => (
    <DateField
      ctx={ctx}
      name={name}
      label={t(`expulsions.proceeding.${name}`)}
      hint={hint}
      error={words[name]}
      value={{ day: dates[`${name}_day`], month: dates[`${name}_month`], year: dates[`${name}_year`] }}
    />
  )
  return (
    <WorkPage ctx={ctx} title={t('expulsions.help.title')} current={BATCHES} path={pathOf(measure)}>
      <Crumb href={localPath(ctx, `${BATCHES}/measures/${measure.reference}`)} label={t('expulsions.help.back')}>
        <span class="code">{measure.reference}</span>
      </Crumb>
      <Headline
        title={t('expulsions.help.title')}
        lead={<Who ctx={ctx} name={measure.names[0]} birth={measure.birth} />}
      >
        <LinkButton kind="second" icon="doc" href={localPath(ctx, `${BATCHES}/measures/${measure.reference}/appeal`)}>
          {t('expulsions.draft.link')}
        </LinkButton>
        <LinkButton
          kind="second"
          icon="pin"
          href={localPath(ctx, `${BATCHES}/measures/${measure.reference}/home-help`)}
        >
          {t('expulsions.home.link')}
        </LinkButton>
      </Headline>
      {done && done in DONE && (
        <Note state={DONE[done as keyof typeof DONE]} title={t(`expulsions.help.done.${done}`)} announce />
      )}
      <ErrorSummary ctx={ctx} errors={words} />
      <Card id="clock">
        <h2>{t('expulsions.proceeding.clock')}</h2>
        <p>
          <Clock
            ctx={ctx}
            proceeding={{ appeal_until: clock?.appeal_until ?? null, status: clock?.appealed_on ? 'appealed' : 'open' }}
          />
        </p>
        <Pairs
          items={[[t('expulsions.tell.until'), clock ? format.dateTime(clock.appeal_until) : <NotStated ctx={ctx} />]]}
        />
        <RuleText ctx={ctx} unknown={ctx.t('expulsions.clock.no_rule')} rule={rule} />
        <form method="post" action={action} class="flow">
          <input type="hidden" name="act" value="clock" />
          {date('served_on', t('expulsions.help.served_hint'))}
          {date('appealed_on')}
          <Button kind="second" icon="clock">
            {t('expulsions.help.count')}
          </Button>
        </form>
      </Card>
      <Card id="reach">
        <h2>{t('expulsions.reach.title')}</h2>
        <p class="quiet">{t('expulsions.reach.lead')}</p>
        {contacts?.length === 0 && <Note state="unknown" title={t('expulsions.reach.none')} announce />}
        {contacts?.map((contact) => (
          <ContactForm ctx={ctx} contact={contact} action={action} />
        ))}
        {!contacts && (
          <form method="post" action={`${action}#reach`}>
            <input type="hidden" name="act" value="reach" />
            <Button kind="second" icon="key">
              {t('expulsions.reach.show')}
            </Button>
          </form>
        )}
      </Card>
      <Telling ctx={ctx} matter={{ type: 'measure', id: measure.id }} reference={measure.reference} action={action} />
    </WorkPage>
  )
}

const ContactForm = ({ ctx, contact, action }: { ctx: Ctx; contact: SafeContact; action: string }) => {
  const { t, format } = ctx
  return (
    <form method="post" action={action} class="flow">
      <input type="hidden" name="act" value="message" />
      <input type="hidden" name="contact" value={contact.id} />
      <Pairs
        items={[
          [t('expulsions.reach.phone'), <span class="code">{contact.phone}</span>],
          [t('expulsions.reach.when'), contact.reach ?? <NotStated ctx={ctx} />],
          [t('expulsions.reach.since'), format.date(contact.received_at)],
        ]}
      />
      <RadioGroup
        name="lang"
        label={t('expulsions.reach.message')}
        value="tg"
        options={LETTER_LANGUAGES.map((lang) => ({
          value: lang,
          label: t(`letters.code.lang.${lang}`),
        }))}
      />
      <p class="quiet">{t('expulsions.reach.neutral')}</p>
      <Button kind="second" icon="chat">
        {t('expulsions.reach.send')}
      </Button>
    </form>
  )
}

const valuesOf = (name: string, day: Temporal.PlainDate | null | undefined): FormValues =>
  day ? { [`${name}_day`]: `${day.day}`, [`${name}_month`]: `${day.month}`, [`${name}_year`]: `${day.year}` } : {}
