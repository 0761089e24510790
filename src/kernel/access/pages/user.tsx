import { z } from 'zod'
import type { Ctx } from '../../context.ts'
import { definePage, localPath, seeOther } from '../../http/page.ts'
import { isLang, LANGUAGE_NAMES } from '../../i18n/languages.ts'
import { problem } from '../../problem.ts'
import { Crumb, Headline, More, Pairs } from '../../ui/blocks.tsx'
import { Button, Buttons, LinkButton } from '../../ui/buttons.tsx'
import type { IconName } from '../../ui/icons.tsx'
import { Note } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { WorkPage } from '../../ui/work-layout.tsx'
import { may } from '../authorise.ts'
import { staffOf } from '../sessions.ts'
import { askProof } from '../step-up.ts'
import { getUser, type User } from '../user-list.ts'
import {
  administers,
  administersMember,
  EVERYWHERE,
  mayAdmit,
  setUserState,
  signOutUser,
  USER_STATES,
  type UserState,
} from '../users.ts'
import { roleNames } from './rights.tsx'
import { StateTag } from './users.tsx'

const DONE = ['roles', 'changed', 'active', 'locked', 'closed', 'signed_out'] as const
const VERBS: Record<UserState, { icon: IconName; from: readonly UserState[] }> = {
  active: { icon: 'undo', from: ['locked', 'closed'] },
  locked: { icon: 'lock', from: ['active'] },
  closed: { icon: 'x', from: ['active', 'locked'] },
}

/** One account: where it belongs, with which roles, and what can be done about it. */
export const userPage = definePage({
  path: '/work/users/:id',
  access: 'user.administer',
  async get(ctx, c) {
    const user = await getUser(ctx, c.req.param('id')!)
    const { t, format } = ctx
    const path = `/work/users/${user.id}`
    const done = DONE.find((one) => one === c.req.query('done'))
    return (
      <WorkPage ctx={ctx} title={user.name} current="/work/users" path={path}>
        <Crumb href={localPath(ctx, '/work/users')} label={t('access.users.title')} />
        {done && <Note state="ok" title={t(`access.users.done.${done}`)} announce />}
        <Headline title={user.name} lead={user.email}>
          <LinkButton kind="second" icon="shield" href={localPath(ctx, `${path}/rights`)}>
            {t('access.rights.title')}
          </LinkButton>
        </Headline>
        <Pairs
          items={[
            [t('access.users.state'), <StateTag ctx={ctx} state={user.state} />],
            [t('access.account.language'), isLang(user.locale) ? LANGUAGE_NAMES[user.locale] : user.locale],
            [t('access.users.created'), format.dateTime(user.created_at)],
            [
              t('access.users.last_sign_in'),
              user.last_sign_in_at ? format.dateTime(user.last_sign_in_at) : t('access.users.never'),
            ],
          ]}
        />
        <h2>{t('access.users.memberships')}</h2>
        <Memberships ctx={ctx} user={user} />
        {(await administers(ctx, user.id)) ? (
          <Acts ctx={ctx} user={user} />
        ) : (
          <Note state="unknown" icon="info" title={t(reasonKey(ctx, user))} />
        )}
      </WorkPage>
    )
  },
})

/** Locks, unlocks or closes an account. */
export const userStatePage = definePage({
  path: '/work/users/:id/state',
  access: 'user.administer',
  get: (ctx, c) => seeOther(ctx, c, `/work/users/${c.req.param('id')}`),
  async post(ctx, c, form) {
    const user = await getUser(ctx, c.req.param('id')!)
    const state = z.enum(USER_STATES).safeParse(form.get('state'))
    if (!state.success) throw problem('invalid')
    const away = await askProof(ctx, c, `/work/users/${user.id}`)
    if (away) return away
    await setUserState(ctx, user, state.data)
    return seeOther(ctx, c, `/work/users/${user.id}?done=${state.data}`)
  },
})

/** Signs somebody out on every device. */
export const userSessionsPage = definePage({
  path: '/work/users/:id/sessions',
  access: 'user.administer',
  get: (ctx, c) => seeOther(ctx, c, `/work/users/${c.req.param('id')}`),
  async post(ctx, c) {
    const user = await getUser(ctx, c.req.param('id')!)
    await signOutUser(ctx, user.id)
    return seeOther(ctx, c, `/work/users/${user.id}?done=signed_out`)
  },
})

async function Memberships({ ctx, user }: { ctx: Ctx; user: User }) {
  const { t } = ctx
  const path = `/work/users/${user.id}/roles`
  const rows = []
  for (const { organisation_id, organisation, roles } of user.memberships)
    rows.push([
      organisation,
      roleNames(ctx, roles) || t('access.account.no_roles'),
      (await administersMember(ctx, user.id, organisation_id)) && (
        <a href={localPath(ctx, `${path}?organisation=${organisation_id}`)}>
          {t('access.users.change_roles')}
          <span class="vh">: {organisation}</span>
        </a>
      ),
    ])
  const here = user.memberships.some(({ organisation_id }) => organisation_id === staffOf(ctx).organisation_id)
  const more = (may(ctx, EVERYWHERE) || !here) && (await mayAdmit(ctx, user.id, staffOf(ctx).organisation_id))
  return (
    <>
      {rows.length > 0 ? (
        <Table
          caption={t('access.users.memberships')}
          hidden
          columns={['organisation', 'roles', 'change'].map((key) => ({ label: t(`access.users.${key}`) }))}
          rows={rows}
        />
      ) : (
        <p>{t('access.users.nowhere')}</p>
      )}
      {more && (
        <Buttons>
          <LinkButton kind="second" icon="office" href={localPath(ctx, path)}>
            {t('access.users.add_membership')}
          </LinkButton>
        </Buttons>
      )}
    </>
  )
}

function Acts({ ctx, user }: { ctx: Ctx; user: User }) {
  const { t } = ctx
  const path = `/work/users/${user.id}`
  return (
    <>
      <h2>{t('access.users.acts')}</h2>
      <Buttons>
        <LinkButton kind="second" icon="person" href={localPath(ctx, `${path}/edit`)}>
          {t('access.users.edit')}
        </LinkButton>
      </Buttons>
      {user.state === 'active' && (
        <More icon="key" label={t('access.link.make')}>
          <p>{t('access.link.what')}</p>
          <form method="post" action={localPath(ctx, `${path}/link`)}>
            <Buttons>
              <Button kind="second">{t('access.link.make')}</Button>
            </Buttons>
          </form>
        </More>
      )}
      {user.state === 'active' && (
        <More icon="door" label={t('access.users.sign_out')}>
          <p>{t('access.users.sign_out_what')}</p>
          <form method="post" action={localPath(ctx, `${path}/sessions`)}>
            <Buttons>
              <Button kind="second">{t('access.users.sign_out')}</Button>
            </Buttons>
          </form>
        </More>
      )}
      {USER_STATES.filter((state) => VERBS[state].from.includes(user.state)).map((state) => (
        <More icon={VERBS[state].icon} label={t(`access.users.make.${state}`)}>
          <p>{t(`access.users.make_what.${state}`)}</p>
          <form method="post" action={localPath(ctx, `${path}/state`)}>
            <Buttons>
              <Button kind="second" name="state" value={state}>
                {t(`access.users.make.${state}`)}
              </Button>
            </Buttons>
          </form>
        </More>
      ))}
    </>
  )
}

const reasonKey = (ctx: Ctx, user: User) =>
  user.id === staffOf(ctx).user_id ? 'access.users.own_account' : 'access.users.not_yours'
