import type { Child } from 'hono/jsx'
import { z } from 'zod'
import { audit } from '../../audit/audit.ts'
import type { Ctx } from '../../context.ts'
import { readForm } from '../../http/forms.ts'
import { definePage, localPath, seeOther } from '../../http/page.ts'
import { LANGUAGE_NAMES, LANGUAGES } from '../../i18n/languages.ts'
import { problem } from '../../problem.ts'
import { Headline, Pairs } from '../../ui/blocks.tsx'
import { Button, Buttons, LinkButton } from '../../ui/buttons.tsx'
import { RadioGroup } from '../../ui/choices.tsx'
import { HiddenField } from '../../ui/fields.tsx'
import { Note, Tag } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { WorkPage } from '../../ui/work-layout.tsx'
import { listPasskeys, relyingParty } from '../passkeys.ts'
import { clearSessionCookie, endAllSessions, endOwnSession, listOwnRoles, listSessions, staffOf } from '../sessions.ts'
import { ownAccount } from '../step-up.ts'
import { RecoveryState } from './recovery-codes.tsx'
import { roleNames } from './rights.tsx'

const LANGUAGE = z.object({ locale: z.enum(LANGUAGES) })
const DONE = ['password', 'passkey', 'passkey_removed', 'session'] as const

/** The own account: language, how one signs in, and where one is signed in. */
export const accountPage = definePage({
  path: '/work/account',
  access: 'staff',
  get: (ctx, c) => show(ctx, c.req.query('done')),
  async post(ctx, c, form) {
    const read = readForm(LANGUAGE, form)
    if (!read.ok) throw problem('invalid')
    const { user_id } = staffOf(ctx)
    const { locale } = read.value
    await ctx.db.updateTable('access.user_account').set({ locale }).where('id', '=', user_id).execute()
    await audit(ctx, 'user.set_locale', { type: 'user', id: user_id }, { locale })
    return seeOther({ ...ctx, lang: locale }, c, '/work/account')
  },
})

/** Signs out one other device, or without naming one everywhere: for a lost telephone, a computer that was not left. */
export const endSessionsPage = definePage({
  path: '/work/account/sessions',
  access: 'staff',
  get: (ctx, c) => seeOther(ctx, c, '/work/account'),
  async post(ctx, c, form) {
    const one = z.uuid().safeParse(form.get('session'))
    if (one.success && one.data !== staffOf(ctx).session_id) {
      await endOwnSession(ctx, one.data)
      return seeOther(ctx, c, '/work/account?done=session')
    }
    await endAllSessions(ctx)
    clearSessionCookie(ctx, c)
    return seeOther(ctx, c, '/sign-in?out=1')
  },
})

async function show(ctx: Ctx, asked: string | undefined): Promise<Child> {
  const { t, format } = ctx
  const actor = staffOf(ctx)
  const { email, locale, name } = await ownAccount(ctx)
  const done = DONE.find((one) => one === asked)
  return (
    <WorkPage ctx={ctx} title={t('access.account.title')} current="/work/account">
      {done && <Note state="ok" title={t(`access.account.done.${done}`)} announce />}
      <Headline title={t('access.account.title')} />
      <div class="flow">
        <Pairs
          items={[
            [t('access.account.name'), name],
            [t('access.account.email'), email],
            [t('access.account.organisation'), actor.organisation_name],
            [t('access.account.roles'), roleNames(ctx, await listOwnRoles(ctx)) || t('access.account.no_roles')],
          ]}
        />
        <p>
          <a href={localPath(ctx, '/work/account/rights')}>{t('access.rights.own_title')}</a>
        </p>
        <form method="post" action={localPath(ctx, '/work/account')}>
          <RadioGroup
            name="locale"
            label={t('access.account.language')}
            hint={t('access.account.language_hint')}
            value={locale}
            options={LANGUAGES.map((lang) => ({ value: lang, label: LANGUAGE_NAMES[lang] }))}
          />
          <Buttons>
            <Button>{t('access.account.save')}</Button>
          </Buttons>
        </form>
        <h2>{t('access.account.ways')}</h2>
        <p class="quiet">{t('access.account.ways_hint')}</p>
        <RecoveryState ctx={ctx} />
        <Buttons>
          <LinkButton kind="second" icon="key" href={localPath(ctx, '/work/account/recovery-codes')}>
            {t('access.recovery.title')}
          </LinkButton>
          <LinkButton kind="second" icon="lock" href={localPath(ctx, '/work/account/password')}>
            {t('access.password.title')}
          </LinkButton>
        </Buttons>
        <Passkeys ctx={ctx} />
        <h2>{t('access.account.sessions')}</h2>
        <p class="quiet">{t('access.account.sessions_hint')}</p>
        <Table
          caption={t('access.account.sessions')}
          hidden
          columns={['agent', 'since', 'last_seen', 'end'].map((key) => ({ label: t(`access.account.${key}`) }))}
          rows={(await listSessions(ctx)).map(({ id, agent, created_at, last_seen_at }) => [
            agent ?? t('access.account.agent_unknown'),
            format.dateTime(created_at),
            format.dateTime(last_seen_at),
            id === actor.session_id ? (
              <Tag state="ok">{t('access.account.this_session')}</Tag>
            ) : (
              <form method="post" action={localPath(ctx, '/work/account/sessions')}>
                <HiddenField name="session" value={id} />
                <Button kind="plain">{t('access.account.end_one')}</Button>
              </form>
            ),
          ])}
        />
        <form method="post" action={localPath(ctx, '/work/account/sessions')}>
          <Buttons>
            <Button kind="second" icon="door">
              {t('access.account.end_all')}
            </Button>
          </Buttons>
        </form>
      </div>
    </WorkPage>
  )
}

async function Passkeys({ ctx }: { ctx: Ctx }) {
  const { t, format } = ctx
  const party = relyingParty(ctx)
  if (!party) return null
  const passkeys = await listPasskeys(ctx)
  return (
    <>
      <h2>{t('access.passkey.title')}</h2>
      <p class="quiet">{t('access.passkey.what')}</p>
      {passkeys.length > 0 && (
        <Table
          caption={t('access.passkey.title')}
          hidden
          columns={['name', 'added', 'last_used'].map((key) => ({ label: t(`access.passkey.${key}`) }))}
          rows={passkeys.map(({ id, name, created_at, last_used_at }) => [
            <a href={localPath(ctx, `/work/account/passkeys/${id}`)}>{name}</a>,
            format.date(created_at),
            last_used_at ? format.dateTime(last_used_at) : t('access.passkey.never_used'),
          ])}
        />
      )}
      <Buttons>
        <LinkButton kind="second" icon="key" href={party.origin + localPath(ctx, '/work/account/passkeys/new')}>
          {t('access.passkey.new')}
        </LinkButton>
      </Buttons>
    </>
  )
}
