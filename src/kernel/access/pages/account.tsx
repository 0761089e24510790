import type { Child } from 'hono/jsx'
import { z } from 'zod'
import { audit } from '../../audit/audit.ts'
import type { Ctx, StaffActor } from '../../context.ts'
import { readForm } from '../../http/forms.ts'
import { definePage, localPath, seeOther } from '../../http/page.ts'
import { LANGUAGE_NAMES, LANGUAGES } from '../../i18n/languages.ts'
import { problem } from '../../problem.ts'
import { Headline, Pairs } from '../../ui/blocks.tsx'
import { Button, Buttons } from '../../ui/buttons.tsx'
import { RadioGroup } from '../../ui/choices.tsx'
import { Tag } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { WorkPage } from '../../ui/work-layout.tsx'
import { clearSessionCookie, endAllSessions, listOwnRoles, listSessions } from '../sessions.ts'

const LANGUAGE = z.object({ locale: z.enum(LANGUAGES) })

/** The own account: language, and where one is signed in. */
export const accountPage = definePage({
  path: '/work/account',
  access: 'staff',
  get: show,
  async post(ctx, c, form) {
    const read = readForm(LANGUAGE, form)
    if (!read.ok) throw problem('invalid')
    const { user_id } = ctx.actor as StaffActor
    await ctx.db
      .updateTable('access.user_account')
      .set({ locale: read.value.locale })
      .where('id', '=', user_id)
      .execute()
    await audit(ctx, 'user.set_locale', { type: 'user', id: user_id }, { locale: read.value.locale })
    return seeOther({ ...ctx, lang: read.value.locale }, c, '/work/account')
  },
})

/** Signs out everywhere: for a lost telephone, or a computer that was not left. */
export const endSessionsPage = definePage({
  path: '/work/account/sessions',
  access: 'staff',
  get: (ctx, c) => seeOther(ctx, c, '/work/account'),
  async post(ctx, c) {
    await endAllSessions(ctx)
    clearSessionCookie(ctx, c)
    return seeOther(ctx, c, '/sign-in?out=1')
  },
})

async function show(ctx: Ctx): Promise<Child> {
  const { t, format } = ctx
  const actor = ctx.actor as StaffActor
  const { email, locale } = await ctx.db
    .selectFrom('access.user_account')
    .select(['email', 'locale'])
    .where('id', '=', actor.user_id)
    .executeTakeFirstOrThrow()
  const roles = (await listOwnRoles(ctx)).map((role) => t(`access.role.${role}`))
  const sessions = await listSessions(ctx)
  return (
    <WorkPage ctx={ctx} title={t('access.account.title')} current="/work/account">
      <Headline title={t('access.account.title')} />
      <div class="flow">
        <Pairs
          items={[
            [t('access.account.name'), actor.name],
            [t('access.account.email'), email],
            [t('access.account.organisation'), actor.organisation_name],
            [t('access.account.roles'), format.list(roles) || t('access.account.no_roles')],
          ]}
        />
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
        <h2>{t('access.account.sessions')}</h2>
        <p class="quiet">{t('access.account.sessions_hint')}</p>
        <Table
          caption={t('access.account.sessions')}
          hidden
          columns={['agent', 'since', 'last_seen'].map((key) => ({ label: t(`access.account.${key}`) }))}
          rows={sessions.map(({ id, agent, created_at, last_seen_at }) => [
            <>
              {agent ?? t('access.account.agent_unknown')}{' '}
              {id === actor.session_id && <Tag state="ok">{t('access.account.this_session')}</Tag>}
            </>,
            format.dateTime(created_at),
            format.dateTime(last_seen_at),
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
