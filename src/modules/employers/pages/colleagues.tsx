import type { Context } from 'hono'
import { z } from 'zod'
import { staffOf } from '#kernel/access/sessions.ts'
import { askProof } from '#kernel/access/step-up.ts'
import type { Ctx } from '#kernel/context.ts'
import { type FormErrors, type FormValues, readForm } from '#kernel/http/forms.ts'
import { definePage, localPath, seeOther } from '#kernel/http/page.ts'
import { LANGUAGE_NAMES, LANGUAGES } from '#kernel/i18n/languages.ts'
import { problem } from '#kernel/problem.ts'
import { Card, Crumb, Headline } from '#kernel/ui/blocks.tsx'
import { Button, Buttons } from '#kernel/ui/buttons.tsx'
import { CheckboxField } from '#kernel/ui/choices.tsx'
import { ErrorSummary, errorTexts } from '#kernel/ui/errors.tsx'
import { HiddenField, SelectField, TextField } from '#kernel/ui/fields.tsx'
import { PublicPage } from '#kernel/ui/layout.tsx'
import { Note, Tag } from '#kernel/ui/states.tsx'
import { WorkPage } from '#kernel/ui/work-layout.tsx'
import {
  colleagues,
  endColleague,
  findInvitation,
  Invitation,
  inviteColleague,
  joinColleagues,
  openInvitations,
  withdrawInvitation,
} from '../colleagues.ts'
import { ownEmployer } from '../employers.ts'
import { LINK_HOURS } from '../registration.ts'

/** Where an employer's administrator sees to the colleagues. */
export const COLLEAGUES = '/work/employer/colleagues'
const Act = z.object({ act: z.enum(['invite', 'withdraw', 'end']), id: z.uuid().optional() })

/** Who works for the own employer: asked in by mail, parted with. Others' organisations and roles are out of reach. */
export const colleaguesPage = definePage({
  path: COLLEAGUES,
  access: 'employer.administer',
  async get(ctx, c) {
    await ownEmployer(ctx)
    return (await askProof(ctx, c, COLLEAGUES)) ?? <Colleagues ctx={ctx} done={c.req.query('done')} values={{}} />
  },
  async post(ctx, c, form) {
    const away = await askProof(ctx, c, COLLEAGUES)
    if (away) return away
    const read = readForm(Act, form)
    if (!read.ok) throw problem('invalid')
    return perform(ctx, c, read.value, form)
  },
})

async function perform(ctx: Ctx, c: Context, { act, id }: z.output<typeof Act>, form: FormData) {
  if (act === 'invite') {
    const read = readForm(Invitation, form)
    if (!read.ok) {
      c.status(422)
      return <Colleagues ctx={ctx} values={read.values} errors={read.errors} />
    }
    await inviteColleague(ctx, read.value)
    return seeOther(ctx, c, `${COLLEAGUES}?done=invited`)
  }
  if (!id) throw problem('invalid')
  if (act === 'withdraw') await withdrawInvitation(ctx, id)
  else await endColleague(ctx, id)
  return seeOther(ctx, c, `${COLLEAGUES}?done=${act === 'end' ? 'parted' : 'withdrawn'}`)
}

type Props = { ctx: Ctx; done?: string; values: FormValues; errors?: FormErrors }

async function Colleagues({ ctx, done, values, errors = {} }: Props) {
  const { t, format } = ctx
  const words = errorTexts(ctx, errors)
  const all = await colleagues(ctx)
  const invited = await openInvitations(ctx)
  return (
    <WorkPage ctx={ctx} title={t('employers.colleagues.title')} current="/work/employer" path={COLLEAGUES}>
      <Crumb href={localPath(ctx, '/work/employer')} label={t('employers.own.title')} />
      <Headline title={t('employers.colleagues.title')} lead={t('employers.colleagues.lead')} />
      {done && ['invited', 'parted', 'withdrawn'].includes(done) && (
        <Note state="ok" title={t(`employers.colleagues.${done}`, { hours: LINK_HOURS })} announce />
      )}
      <ErrorSummary ctx={ctx} errors={words} />
      <div class="two">
        <div class="flow">
          {all.map(({ user_id, name, email, since, administers, ours }) => (
            <Card>
              <h2>{name}</h2>
              <p>
                {email} · {t('employers.colleagues.since', { date: format.date(since) })}
              </p>
              {administers && <Tag state="unknown">{t('employers.colleagues.administers')}</Tag>}
              {ours && user_id !== staffOf(ctx).user_id && (
                <One ctx={ctx} act="end" id={user_id} name={name} label="employers.colleagues.end" />
              )}
            </Card>
          ))}
          {invited.map(({ id, name, email, expires_at }) => (
            <Card>
              <h2>{name}</h2>
              <p>{email}</p>
              <p class="quiet">{t('employers.colleagues.waits', { date: format.dateTime(expires_at) })}</p>
              <One ctx={ctx} act="withdraw" id={id} name={name} label="employers.colleagues.withdraw" />
            </Card>
          ))}
        </div>
        <form method="post" class="card flow" novalidate>
          <h2>{t('employers.colleagues.invite')}</h2>
          <HiddenField name="act" value="invite" />
          <TextField
            name="name"
            label={t('employers.colleagues.name')}
            value={values.name}
            error={words.name}
            autocomplete="off"
            maxlength={120}
          />
          <TextField
            name="email"
            type="email"
            label={t('employers.colleagues.email')}
            hint={t('employers.colleagues.email_hint', { hours: LINK_HOURS })}
            value={values.email}
            error={words.email}
            autocomplete="off"
            maxlength={254}
          />
          <SelectField
            name="lang"
            label={t('employers.colleagues.lang')}
            value={values.lang ?? ctx.lang}
            error={words.lang}
            options={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
          />
          <CheckboxField
            name="administers"
            label={t('employers.colleagues.may_administer')}
            checked={values.administers === 'yes'}
          />
          <Buttons>
            <Button icon="send">{t('employers.colleagues.send')}</Button>
          </Buttons>
        </form>
      </div>
    </WorkPage>
  )
}

type OneProps = { ctx: Ctx; act: 'end' | 'withdraw'; id: string; name: string; label: string }

const One = ({ ctx, act, id, name, label }: OneProps) => (
  <form method="post">
    <HiddenField name="id" value={id} />
    <Button kind="second" icon="x" name="act" value={act}>
      {ctx.t(label)}
      <span class="vh">: {name}</span>
    </Button>
  </form>
)

/** The link in the mail. Only the button uses it up: programs that look into mails open links too. */
export const joinPage = definePage({
  path: '/employers/join/:token',
  access: 'public',
  async get(ctx, c) {
    c.header('Cache-Control', 'no-store')
    const asked = await findInvitation(ctx, c.req.param('token')!)
    if (!asked) throw problem('gone', { detail: 'employers.join.gone' })
    const { t } = ctx
    return (
      <PublicPage ctx={ctx} title={t('employers.join.title')} robots="noindex">
        <form method="post" class="column flow">
          <h1>{t('employers.join.title')}</h1>
          <p>
            <b>{asked.legal_name}</b> · {asked.email}
          </p>
          <p>{t('employers.join.next')}</p>
          <Buttons>
            <Button icon="right">{t('employers.join.button')}</Button>
          </Buttons>
          <p class="quiet">{t('employers.mail.not_you')}</p>
        </form>
      </PublicPage>
    )
  },
  post: async (ctx, c) => seeOther(ctx, c, await joinColleagues(ctx, c.req.param('token')!)),
})
