import type { PropsWithChildren } from 'hono/jsx'
import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { type FormErrors, type FormValues, readForm } from '#kernel/http/forms.ts'
import { definePage, localPath, seeOther } from '#kernel/http/page.ts'
import { newId } from '#kernel/ids.ts'
import { nameText } from '#kernel/people/facts.ts'
import { placeName, resolvePlace } from '#kernel/places/places.ts'
import { problem } from '#kernel/problem.ts'
import { Card, Crumb, Empty, Headline, Pairs } from '#kernel/ui/blocks.tsx'
import { Button, LinkButton } from '#kernel/ui/buttons.tsx'
import { CheckboxField, RadioGroup } from '#kernel/ui/choices.tsx'
import { ErrorSummary, errorTexts } from '#kernel/ui/errors.tsx'
import { SelectField, TextField } from '#kernel/ui/fields.tsx'
import { Choices, Seek } from '#kernel/ui/lists.tsx'
import { Note, NotStated, Tag } from '#kernel/ui/states.tsx'
import { WorkPage } from '#kernel/ui/work-layout.tsx'
import {
  AGREED_WAYS,
  type Given,
  giveHome,
  HOME_HELP,
  HOME_STATES,
  type HomeHelp,
  type HomeOffer,
  homeHelpOf,
  homeHelpWithout,
  listHomeHelp,
  markHome,
  type Recorded,
  withdrawHome,
} from '../home-help.ts'
import { getMeasure, type KnownMeasure, noteMeasure } from '../measures.ts'
import { BATCHES } from '../notices.ts'

const SHOWN = 100

const Agreement = z.object({
  name: z.string('expulsions.proceeding.name_missing').max(150),
  phone: z.string('expulsions.home.phone_missing').regex(/^[\d\s+()-]{6,24}$/, 'expulsions.home.phone_wrong'),
  only_theirs: z.literal('yes', 'expulsions.home.only_theirs_missing'),
  reach: z.string().max(200).optional(),
  place: z.string('expulsions.proceeding.place_missing').max(200),
  way: z.enum(AGREED_WAYS).default('desk'),
  agreed: z.literal('yes', 'expulsions.home.agreed_missing'),
})

const pathOf = ({ reference }: { reference: string }) => `${BATCHES}/measures/${reference}/home-help`

/** Records that the person agrees, and gives name and contact to the employment office of their district; and takes it back. */
export const giveHomePage = definePage({
  path: `${BATCHES}/measures/:reference/home-help`,
  access: 'expulsion.help',
  async get(ctx, c) {
    const measure = await getMeasure(ctx, c.req.param('reference')!)
    const [name] = measure.names
    await noteMeasure(ctx, measure.id, measure.record_id, 'help')
    return <Give ctx={ctx} measure={measure} values={name ? { name: nameText(name) } : {}} done={c.req.query('done')} />
  },
  async post(ctx, c, form) {
    const measure = await getMeasure(ctx, c.req.param('reference')!)
    if (await takenBack(ctx, form)) return seeOther(ctx, c, `${pathOf(measure)}?done=withdrawn`)
    const read = await readOffer(ctx, form)
    const given = read.ok && (await giveHome(ctx, measure.id, read.offer))
    if (given === 'given' || given === 'there') return seeOther(ctx, c, `${pathOf(measure)}?done=${given}`)
    c.status(422)
    return <Give ctx={ctx} measure={measure} values={read.values} errors={errorsOf(read, given)} />
  },
})

/** Where help at home is offered without a measure. */
export const NEW_HOME_HELP = `${HOME_HELP}/new`
const RECORDED = 20

/** The same for anybody who returned: the employment office cannot tell one from the other. */
export const offerHomePage = definePage({
  path: NEW_HOME_HELP,
  access: 'home_help.give',
  get: (ctx, c) => <Offer ctx={ctx} values={{}} done={c.req.query('done')} number={c.req.query('q')} />,
  async post(ctx, c, form) {
    if (await takenBack(ctx, form)) return seeOther(ctx, c, `${NEW_HOME_HELP}?done=withdrawn`)
    const read = await readOffer(ctx, form)
    const id = z.uuid().safeParse(form.get('id')).data
    const given = read.ok && id && (await giveHome(ctx, null, { ...read.offer, id }))
    if (given === 'given' || given === 'there') {
      const [one] = await homeHelpWithout(ctx, { id }, 1)
      return seeOther(ctx, c, `${NEW_HOME_HELP}?q=${one!.reference}&done=${given}`)
    }
    c.status(422)
    return <Offer ctx={ctx} values={read.values} errors={errorsOf(read, given || false)} />
  },
})

async function takenBack(ctx: Ctx, form: FormData): Promise<boolean> {
  const taken = z.uuid().safeParse(form.get('withdraw'))
  if (taken.success) await withdrawHome(ctx, taken.data)
  return taken.success
}

type ReadOffer = { values: FormValues } & ({ ok: true; offer: HomeOffer } | { ok: false; errors: FormErrors })

async function readOffer(ctx: Ctx, form: FormData): Promise<ReadOffer> {
  const read = readForm(Agreement, form)
  if (!read.ok) return read
  const { name, phone, reach = null, way, place } = read.value
  const found = await resolvePlace(ctx, place)
  if (!found) return { ok: false, values: read.values, errors: { place: 'expulsions.proceeding.place_unknown' } }
  return { ok: true, values: read.values, offer: { place_code: found.code, contact: { name, phone, reach }, way } }
}

const errorsOf = (read: ReadOffer, given: Given | false): FormErrors => {
  if (!read.ok) return read.errors
  return given ? { place: `expulsions.home.${given}` } : {}
}

type Props = { ctx: Ctx; values: FormValues; errors?: FormErrors; done?: string }

async function Give({ ctx, measure, values, errors = {}, done }: Props & { measure: KnownMeasure }) {
  const { t } = ctx
  const recorded = await homeHelpOf(ctx, measure.id)
  const waiting = recorded.some(({ closed_at, withdrawn_at }) => !closed_at && !withdrawn_at)
  return (
    <WorkPage ctx={ctx} title={t('expulsions.home.title')} current={BATCHES} path={pathOf(measure)}>
      <Crumb href={localPath(ctx, `${BATCHES}/measures/${measure.reference}`)} label={t('expulsions.help.back')}>
        <span class="code">{measure.reference}</span>
      </Crumb>
      <Headline title={t('expulsions.home.title')} lead={t('expulsions.home.lead')} />
      <Done ctx={ctx} done={done} />
      <ErrorSummary ctx={ctx} errors={errorTexts(ctx, errors)} />
      {recorded.map((one) => (
        <RecordedCard ctx={ctx} one={one} />
      ))}
      {!waiting && <AgreementForm ctx={ctx} values={values} errors={errors} />}
    </WorkPage>
  )
}

async function Offer({ ctx, values, errors = {}, done, number = '' }: Props & { number?: string }) {
  const { t } = ctx
  const recorded = await homeHelpWithout(ctx, number ? { reference: number } : {}, RECORDED)
  const action = localPath(ctx, NEW_HOME_HELP)
  return (
    <WorkPage ctx={ctx} title={t('expulsions.home.title')} current={NEW_HOME_HELP}>
      <Headline title={t('expulsions.home.title')} lead={t('expulsions.home.lead')} />
      <Done ctx={ctx} done={done}>
        {(done === 'given' || done === 'there') && t('expulsions.home.number_note')}
      </Done>
      <ErrorSummary ctx={ctx} errors={errorTexts(ctx, errors)} />
      {number === '' && <AgreementForm ctx={ctx} values={values} errors={errors} action={action} id={newId()} />}
      <section class="flow">
        <h2>{t('expulsions.home.recorded')}</h2>
        <Seek action={action} label={t('expulsions.home.number')} value={number} />
        {recorded.length === 0 && (
          <Empty title={t(number ? 'expulsions.home.no_such' : 'expulsions.home.none_recorded')} />
        )}
        {recorded.map((one) => (
          <RecordedCard ctx={ctx} one={one} action={action} numbered />
        ))}
      </section>
      {number !== '' && (
        <p>
          <LinkButton kind="second" icon="pin" href={action}>
            {t('expulsions.home.another')}
          </LinkButton>
        </p>
      )}
    </WorkPage>
  )
}

const Done = ({ ctx, done, children }: PropsWithChildren<{ ctx: Ctx; done?: string }>) =>
  done && ['given', 'there', 'withdrawn'].includes(done) ? (
    <Note state="ok" title={ctx.t(`expulsions.home.done.${done}`)} announce>
      {children}
    </Note>
  ) : null

type RecordedProps = { ctx: Ctx; one: Recorded; action?: string; numbered?: boolean }

function RecordedCard({ ctx, one, action, numbered }: RecordedProps) {
  const { t, format } = ctx
  const { id, reference, office, agreed_at, state, withdrawn_at } = one
  return (
    <Card>
      {numbered ? <h3>{office}</h3> : <h2>{office}</h2>}
      {numbered && (
        <p>
          {t('expulsions.home.number')}: <span class="code">{reference}</span>
        </p>
      )}
      <p class="quiet">{t('expulsions.home.agreed_on', { date: format.dateTime(agreed_at) })}</p>
      {withdrawn_at ? (
        <Tag state="stop">{t('expulsions.home.withdrawn', { date: format.date(withdrawn_at) })}</Tag>
      ) : (
        <form method="post" action={action} class="flow">
          <input type="hidden" name="withdraw" value={id} />
          <p>{t(`expulsions.code.home.${state}`)}</p>
          <Button kind="second" icon="undo">
            {t('expulsions.home.withdraw')}
          </Button>
        </form>
      )}
    </Card>
  )
}

type AgreementProps = { ctx: Ctx; values: FormValues; errors: FormErrors; action?: string; id?: string }

function AgreementForm({ ctx, values, errors, action, id }: AgreementProps) {
  const { t } = ctx
  const words = errorTexts(ctx, errors)
  const text = (name: 'name' | 'phone' | 'reach' | 'place', hint?: string) => (
    <TextField
      name={name}
      label={t(`expulsions.home.${name}`)}
      hint={hint}
      value={values[name]}
      error={words[name]}
      type={name === 'phone' ? 'tel' : 'text'}
      autocomplete="off"
      maxlength={200}
    />
  )
  return (
    <form method="post" action={action} class="card flow">
      <h2>{t('expulsions.home.agreement')}</h2>
      <p>{t('expulsions.home.tell_them')}</p>
      {text('name')}
      {text('phone')}
      <CheckboxField
        name="only_theirs"
        label={t('expulsions.home.only_theirs')}
        error={words.only_theirs}
        checked={values.only_theirs === 'yes'}
      />
      {text('reach', t('expulsions.home.reach_hint'))}
      {text('place', t('expulsions.home.place_hint'))}
      <RadioGroup
        name="way"
        label={t('expulsions.home.way')}
        value={values.way ?? 'desk'}
        options={AGREED_WAYS.map((value) => ({ value, label: t(`expulsions.code.way.${value}`) }))}
      />
      <CheckboxField
        name="agreed"
        label={t('expulsions.home.agreed')}
        error={words.agreed}
        checked={values.agreed === 'yes'}
      />
      <Button>{t('expulsions.home.give')}</Button>
      {id && <input type="hidden" name="id" value={id} />}
    </form>
  )
}

const Mark = z.object({ id: z.uuid(), state: z.enum(HOME_STATES) })

/** Who agreed that this employment office offers them work or training. It learns nothing else about them. */
export const homeHelpPage = definePage({
  path: HOME_HELP,
  access: 'home_help.follow',
  async get(ctx, c) {
    const { t } = ctx
    const all = c.req.query('show') === 'all'
    const people = await listHomeHelp(ctx, { all, limit: SHOWN })
    return (
      <WorkPage ctx={ctx} title={t('expulsions.home.list')} current={HOME_HELP}>
        <Headline title={t('expulsions.home.list')} lead={t('expulsions.home.list_lead')} />
        {c.req.query('done') && <Note state="ok" title={t('expulsions.home.done.marked')} announce />}
        <Choices
          ctx={ctx}
          label={t('expulsions.list.show')}
          options={[false, true].map((every) => ({
            href: localPath(ctx, every ? `${HOME_HELP}?show=all` : HOME_HELP),
            label: t(every ? 'expulsions.home.all' : 'expulsions.home.open'),
            current: every === all,
          }))}
        />
        {people.length === 0 && <Empty title={t('expulsions.home.empty')} text={t('expulsions.home.empty_text')} />}
        {await Promise.all(people.map((one) => Person({ ctx, one })))}
      </WorkPage>
    )
  },
  async post(ctx, c, form) {
    const read = readForm(Mark, form)
    if (!read.ok) throw problem('not_found')
    await markHome(ctx, read.value.id, read.value.state)
    return seeOther(ctx, c, `${HOME_HELP}?done=marked`)
  },
})

async function Person({ ctx, one }: { ctx: Ctx; one: HomeHelp }) {
  const { t, format } = ctx
  const { contact } = one
  return (
    <Card id={one.reference}>
      <h2>{contact.name}</h2>
      <Pairs
        items={[
          [t('expulsions.home.phone'), <span class="code">{contact.phone}</span>],
          [t('expulsions.home.reach'), contact.reach ?? <NotStated ctx={ctx} />],
          [t('expulsions.home.place'), await placeName(ctx, one.place_code)],
          [t('expulsions.home.since'), format.date(one.agreed_at)],
          [t('expulsions.home.state'), t(`expulsions.code.home.${one.state}`)],
        ]}
      />
      <form method="post" action={localPath(ctx, HOME_HELP)} class="flow">
        <input type="hidden" name="id" value={one.id} />
        <SelectField
          id={`state-${one.reference}`}
          name="state"
          label={t('expulsions.home.outcome')}
          value={one.state}
          options={HOME_STATES.map((value) => ({ value, label: t(`expulsions.code.home.${value}`) }))}
        />
        <Button kind="second" icon="s-ok">
          {t('expulsions.home.mark')}
        </Button>
      </form>
    </Card>
  )
}
