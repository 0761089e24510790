import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { type FormErrors, type FormValues, readForm } from '#kernel/http/forms.ts'
import { definePage, localPath, seeOther } from '#kernel/http/page.ts'
import { nameText } from '#kernel/people/facts.ts'
import { placeName, resolvePlace } from '#kernel/places/places.ts'
import { problem } from '#kernel/problem.ts'
import { Card, Crumb, Empty, Headline, Pairs } from '#kernel/ui/blocks.tsx'
import { Button, LinkButton } from '#kernel/ui/buttons.tsx'
import { CheckboxField, RadioGroup } from '#kernel/ui/choices.tsx'
import { ErrorSummary, errorTexts } from '#kernel/ui/errors.tsx'
import { SelectField, TextField } from '#kernel/ui/fields.tsx'
import { Choices } from '#kernel/ui/lists.tsx'
import { Note, NotStated, Tag } from '#kernel/ui/states.tsx'
import { WorkPage } from '#kernel/ui/work-layout.tsx'
import {
  AGREED_WAYS,
  giveHome,
  HOME_HELP,
  HOME_STATES,
  type HomeHelp,
  homeHelpOf,
  listHomeHelp,
  markHome,
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
    const taken = z.uuid().safeParse(form.get('withdraw'))
    if (taken.success) {
      await withdrawHome(ctx, taken.data)
      return seeOther(ctx, c, `${pathOf(measure)}?done=withdrawn`)
    }
    const read = readForm(Agreement, form)
    const errors: FormErrors = read.ok ? {} : { ...read.errors }
    const place = read.ok ? await resolvePlace(ctx, read.value.place) : null
    if (read.ok && !place) errors.place = 'expulsions.proceeding.place_unknown'
    if (!read.ok || !place) {
      c.status(422)
      return <Give ctx={ctx} measure={measure} values={read.values} errors={errors} />
    }
    const { name, phone, reach = null, way } = read.value
    const given = await giveHome(ctx, measure.id, { place_code: place.code, contact: { name, phone, reach }, way })
    if (given === 'given' || given === 'there') return seeOther(ctx, c, `${pathOf(measure)}?done=${given}`)
    c.status(422)
    return <Give ctx={ctx} measure={measure} values={read.values} errors={{ place: `expulsions.home.${given}` }} />
  },
})

type Props = { ctx: Ctx; measure: KnownMeasure; values: FormValues; errors?: FormErrors; done?: string }

async function Give({ ctx, measure, values, errors = {}, done }: Props) {
  const { t, format } = ctx
  const words = errorTexts(ctx, errors)
  const recorded = await homeHelpOf(ctx, measure.id)
  const path = pathOf(measure)
  const waiting = recorded.some(({ closed_at, withdrawn_at }) => !closed_at && !withdrawn_at)
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
    <WorkPage ctx={ctx} title={t('expulsions.home.title')} current={BATCHES} path={path}>
      <Crumb href={localPath(ctx, `${BATCHES}/measures/${measure.reference}`)} label={t('expulsions.help.back')}>
        <span class="code">{measure.reference}</span>
      </Crumb>
      <Headline title={t('expulsions.home.title')} lead={t('expulsions.home.lead')} />
      {done && ['given', 'there', 'withdrawn'].includes(done) && (
        <Note state="ok" title={t(`expulsions.home.done.${done}`)} announce />
      )}
      <ErrorSummary ctx={ctx} errors={words} />
      {recorded.map(({ id, office, agreed_at, state, withdrawn_at }) => (
        <Card>
          <h2>{office}</h2>
          <p class="quiet">{t('expulsions.home.agreed_on', { date: format.dateTime(agreed_at) })}</p>
          {withdrawn_at ? (
            <Tag state="stop">{t('expulsions.home.withdrawn', { date: format.date(withdrawn_at) })}</Tag>
          ) : (
            <form method="post" class="flow">
              <input type="hidden" name="withdraw" value={id} />
              <p>{t(`expulsions.code.home.${state}`)}</p>
              <Button kind="second" icon="undo">
                {t('expulsions.home.withdraw')}
              </Button>
            </form>
          )}
        </Card>
      ))}
      {!waiting && (
        <form method="post" class="card flow">
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
        </form>
      )}
    </WorkPage>
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
