import type { Ctx } from '../../context.ts'
import { definePage, localPath } from '../../http/page.ts'
import { Crumb, Headline } from '../../ui/blocks.tsx'
import { Note } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { WorkPage } from '../../ui/work-layout.tsx'
import { permissionText, type Rights, rightsOf } from '../rights.ts'
import { staffOf } from '../sessions.ts'
import { getUser } from '../user-list.ts'

/** What may this person do, why, and where: for administrators. */
export const userRightsPage = definePage({
  path: '/work/users/:id/rights',
  access: 'user.administer',
  async get(ctx, c) {
    const user = await getUser(ctx, c.req.param('id')!)
    const path = `/work/users/${user.id}`
    return (
      <WorkPage ctx={ctx} title={ctx.t('access.rights.title')} current="/work/users" path={`${path}/rights`}>
        <Crumb href={localPath(ctx, path)} label={user.name} />
        <Headline title={ctx.t('access.rights.title')} lead={`${user.name} · ${user.email}`} />
        {user.state !== 'active' && (
          <Note state="stop" title={ctx.t(`access.state.${user.state}`)}>
            {ctx.t('access.rights.not_active')}
          </Note>
        )}
        <RightsList ctx={ctx} rights={await rightsOf(ctx, user.id)} />
      </WorkPage>
    )
  },
})

/** What one may do oneself. */
export const ownRightsPage = definePage({
  path: '/work/account/rights',
  access: 'staff',
  async get(ctx) {
    return (
      <WorkPage ctx={ctx} title={ctx.t('access.rights.own_title')} current="/work/account" path="/work/account/rights">
        <Crumb href={localPath(ctx, '/work/account')} label={ctx.t('access.account.title')} />
        <Headline title={ctx.t('access.rights.own_title')} lead={ctx.t('access.rights.own_lead')} />
        <RightsList ctx={ctx} rights={await rightsOf(ctx, staffOf(ctx).user_id)} />
      </WorkPage>
    )
  },
})

const RightsList = ({ ctx, rights }: { ctx: Ctx; rights: Rights[] }) => (
  <>
    {rights.length === 0 && <Note state="unknown" title={ctx.t('access.rights.nowhere')} />}
    {rights.map((one) => (
      <section class="flow">
        <h2>{one.organisation}</h2>
        <p class="quiet">
          {one.roles.length > 0
            ? ctx.t('access.rights.roles', { roles: roleNames(ctx, one.roles) })
            : ctx.t('access.account.no_roles')}
        </p>
        {!one.counts && <Note state="stop" title={ctx.t('access.rights.does_not_count')} />}
        <p>{ctx.t('access.rights.everybody')}</p>
        {one.permissions.length > 0 && (
          <Table
            caption={one.organisation}
            hidden
            columns={['what', 'by', 'code'].map((key) => ({ label: ctx.t(`access.rights.${key}`) }))}
            rows={one.permissions.map(({ permission, roles }) => [
              permissionText(ctx, permission),
              roleNames(ctx, roles),
              <code>{permission}</code>,
            ])}
          />
        )}
      </section>
    ))}
  </>
)

/** Roles in words, as a list. */
export const roleNames = (ctx: Ctx, roles: readonly string[]): string =>
  ctx.format.list(roles.map((role) => ctx.t(`access.role.${role}`)))
