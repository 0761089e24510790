import type { Context } from 'hono'
import { z } from 'zod'
import type { Ctx } from '../../context.ts'
import { readForm } from '../../http/forms.ts'
import { definePage, localPath, seeOther } from '../../http/page.ts'
import { ROLES } from '../../module.ts'
import { findOrganisation, nameOf } from '../../organisations/organisations.ts'
import { problem } from '../../problem.ts'
import { Crumb, Headline } from '../../ui/blocks.tsx'
import { Button, Buttons } from '../../ui/buttons.tsx'
import { HiddenField } from '../../ui/fields.tsx'
import { WorkPage } from '../../ui/work-layout.tsx'
import { denied } from '../authorise.ts'
import { staffOf } from '../sessions.ts'
import { askProof } from '../step-up.ts'
import { getUser } from '../user-list.ts'
import { administersMember, endMembership, mayAdmit, setRoles } from '../users.ts'
import { OrganisationField, RolesField } from './user-new.tsx'

const FORM = z.object({ organisation: z.uuid(), roles: z.array(z.enum(ROLES)).default([]) })
const pathOf = (id: string) => `/work/users/${id}/roles`

/** The roles of a person in one organisation (`?organisation=`), or a membership in another one. */
export const userRolesPage = definePage({
  path: '/work/users/:id/roles',
  access: 'user.administer',
  get: (ctx, c) => show(ctx, c, c.req.param('id')!, c.req.query('organisation')),
  async post(ctx, c, form) {
    const { id } = await getUser(ctx, c.req.param('id')!)
    const read = readForm(FORM, form)
    if (!read.ok) throw problem('invalid')
    const { organisation, roles } = read.value
    const away = await askProof(ctx, c, `${pathOf(id)}?organisation=${organisation}`)
    if (away) return away
    if (form.get('act') === 'end') await endMembership(ctx, id, organisation)
    else await setRoles(ctx, id, (await findOrganisation(ctx, organisation)).id, roles)
    return seeOther(ctx, c, `/work/users/${id}?done=roles`)
  },
})

async function show(ctx: Ctx, c: Context, id: string, asked: string | undefined) {
  const { t } = ctx
  const user = await getUser(ctx, id)
  const organisation = asked === undefined ? null : await findOrganisation(ctx, asked)
  const held = user.memberships.find(({ organisation_id }) => organisation_id === organisation?.id)
  const at = organisation?.id ?? staffOf(ctx).organisation_id
  const allowed = held ? await administersMember(ctx, id, at) : await mayAdmit(ctx, id, at)
  if (!allowed) throw denied('user.administer', { type: 'user', id })
  const away = await askProof(ctx, c, organisation ? `${pathOf(id)}?organisation=${organisation.id}` : pathOf(id))
  if (away) return away
  const title = t(held ? 'access.users.change_roles' : 'access.users.add_membership')
  return (
    <WorkPage ctx={ctx} title={title} current="/work/users" path={pathOf(id)}>
      <Crumb href={localPath(ctx, `/work/users/${id}`)} label={user.name} />
      <Headline title={title} lead={organisation ? `${user.name} · ${nameOf(organisation, ctx.lang)}` : user.name} />
      <form method="post" action={localPath(ctx, pathOf(id))}>
        {organisation ? <HiddenField name="organisation" value={organisation.id} /> : <OrganisationField ctx={ctx} />}
        <RolesField ctx={ctx} values={held?.roles} />
        <Buttons>
          <Button>{t('access.account.save')}</Button>
          {held && (
            <Button kind="second" name="act" value="end">
              {t('access.users.end_membership')}
            </Button>
          )}
        </Buttons>
      </form>
      {held && <p class="quiet">{t('access.users.end_membership_hint')}</p>}
    </WorkPage>
  )
}
