import type { Ctx } from '../../context.ts'
import { definePage, localPath } from '../../http/page.ts'
import { ROLES } from '../../module.ts'
import { Headline } from '../../ui/blocks.tsx'
import { WorkPage } from '../../ui/work-layout.tsx'
import { permissionsByRole, permissionText } from '../rights.ts'
import { countUsers } from '../user-list.ts'

/** What each role lets a person do, in words, and how many hold it. Roles are part of the program: nobody edits them. */
export const rolesPage = definePage({
  path: '/work/roles',
  access: 'user.administer',
  async get(ctx) {
    const { t, format } = ctx
    const carried = await permissionsByRole(ctx)
    const counts = new Map<string, number>()
    for (const role of ROLES) counts.set(role, await countUsers(ctx, { role }))
    return (
      <WorkPage ctx={ctx} title={t('access.roles.title')} current="/work/roles">
        <Headline title={t('access.roles.title')} lead={t('access.roles.lead')} />
        <p>{t('access.rights.everybody')}</p>
        {ROLES.map((role) => (
          <section class="flow">
            <h2>{t(`access.role.${role}`)}</h2>
            <RoleRights ctx={ctx} permissions={carried.get(role)} />
            <p>
              <a href={localPath(ctx, `/work/users?role=${role}`)}>
                {t('access.roles.held', { count: counts.get(role)!, shown: format.number(counts.get(role)!) })}
                <span class="vh">: {t(`access.role.${role}`)}</span>
              </a>
            </p>
          </section>
        ))}
      </WorkPage>
    )
  },
})

/** What a role lets one do, in words and by its codes. */
export const RoleRights = ({ ctx, permissions }: { ctx: Ctx; permissions: readonly string[] | undefined }) => (
  <ul class="plainlist">
    {permissions?.map((permission) => (
      <li>
        {permissionText(ctx, permission)} <code class="quiet">{permission}</code>
      </li>
    )) ?? <li>{ctx.t('access.account.no_roles')}</li>}
  </ul>
)
