import type { Ctx } from '../../context.ts'
import { definePage, localPath, seeOther } from '../../http/page.ts'
import { Crumb, Headline } from '../../ui/blocks.tsx'
import { Buttons, LinkButton } from '../../ui/buttons.tsx'
import { Note } from '../../ui/states.tsx'
import { WorkPage } from '../../ui/work-layout.tsx'
import { denied } from '../authorise.ts'
import { issueLink, type Link } from '../links.ts'
import { askProof } from '../step-up.ts'
import { getUser, type User } from '../user-list.ts'
import { administers } from '../users.ts'

/** A link with which the person sets password and authenticator anew. Shown once, on the page that answers. */
export const userLinkPage = definePage({
  path: '/work/users/:id/link',
  access: 'user.administer',
  get: (ctx, c) => seeOther(ctx, c, `/work/users/${c.req.param('id')}`),
  async post(ctx, c) {
    const user = await getUser(ctx, c.req.param('id')!)
    const subject = { type: 'user', id: user.id }
    if (user.state !== 'active' || !(await administers(ctx, user.id))) throw denied('user.administer', subject)
    const away = await askProof(ctx, c, `/work/users/${user.id}`)
    if (away) return away
    return <LinkShown ctx={ctx} user={user} link={await issueLink(ctx, user.id)} />
  },
})

/** The link, to be handed over; it is not shown again. */
export function LinkShown({ ctx, user, link }: { ctx: Ctx; user: User; link: Link }) {
  const { t, format } = ctx
  const path = `/work/users/${user.id}`
  return (
    <WorkPage ctx={ctx} title={t('access.link.title')} current="/work/users" path={path}>
      <Crumb href={localPath(ctx, path)} label={user.name} />
      <Headline title={t('access.link.title')} lead={`${user.name} · ${user.email}`} />
      <Note state="attention" title={t('access.link.once')} announce>
        {t('access.link.hand_over', { until: format.dateTime(link.expires_at) })}
      </Note>
      <p>
        <code>{link.address}</code>
      </p>
      <Buttons>
        <LinkButton href={localPath(ctx, path)}>{t('access.link.handed_over')}</LinkButton>
      </Buttons>
    </WorkPage>
  )
}
