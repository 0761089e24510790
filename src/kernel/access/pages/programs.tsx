import type { Ctx } from '../../context.ts'
import { definePage, localPath, seeOther } from '../../http/page.ts'
import { Empty, Headline } from '../../ui/blocks.tsx'
import { Button, LinkButton } from '../../ui/buttons.tsx'
import { Note, Tag } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { WorkPage } from '../../ui/work-layout.tsx'
import { ADMINISTER_CLIENTS, type Client, listClients, MOST_CLIENTS, revokeClient } from '../clients.ts'
import { permissionText } from '../rights.ts'

export const PROGRAMS = '/work/programs'

/** The programs that act for the organisation, with what each may do, and whether it is still in use. */
export const programsPage = definePage({
  path: PROGRAMS,
  access: ADMINISTER_CLIENTS,
  async get(ctx, c) {
    const { t, format } = ctx
    const clients = await listClients(ctx)
    const full = clients.filter(({ revoked_at }) => !revoked_at).length >= MOST_CLIENTS
    const add = (
      <LinkButton icon="key" href={localPath(ctx, `${PROGRAMS}/new`)}>
        {t('access.programs.new')}
      </LinkButton>
    )
    return (
      <WorkPage ctx={ctx} title={t('access.programs.title')} current={PROGRAMS}>
        <Headline title={t('access.programs.title')} lead={t('access.programs.lead')}>
          {clients.length > 0 && !full && add}
        </Headline>
        {c.req.query('revoked') && <Note state="ok" announce title={t('access.programs.done')} />}
        {clients.length === 0 ? (
          <Empty title={t('access.programs.empty')} text={t('access.programs.empty_text')}>
            {add}
          </Empty>
        ) : (
          <Table
            caption={t('access.programs.title')}
            hidden
            columns={['label', 'rights', 'used', 'state'].map((key) => ({ label: t(`access.programs.${key}`) }))}
            rows={clients.map((client) => [
              <>
                {client.label}
                <div class="quiet">
                  <code>{client.id}</code>
                </div>
              </>,
              <>
                {client.permissions.map((permission) => (
                  <div>{permissionText(ctx, permission)}</div>
                ))}
              </>,
              client.last_used_at ? format.dateTime(client.last_used_at) : t('access.programs.never'),
              <State ctx={ctx} client={client} />,
            ])}
          />
        )}
        {full && <p>{t('access.programs.most', { count: MOST_CLIENTS })}</p>}
      </WorkPage>
    )
  },
})

const State = ({ ctx, client: { id, revoked_at } }: { ctx: Ctx; client: Client }) => {
  const { t, format } = ctx
  if (revoked_at) return <Tag state="stop">{t('access.programs.revoked', { at: format.date(revoked_at) })}</Tag>
  return (
    <>
      <Tag state="ok">{t('access.programs.active')}</Tag>
      <form method="post" action={localPath(ctx, `${PROGRAMS}/${id}/revocation`)}>
        <Button kind="second" icon="lock">
          {t('access.programs.revoke')}
        </Button>
      </form>
    </>
  )
}

/** Ends a program's access, for good: another key is made in a minute. */
export const programRevocationPage = definePage({
  path: `${PROGRAMS}/:id/revocation`,
  access: ADMINISTER_CLIENTS,
  async post(ctx, c) {
    await revokeClient(ctx, c.req.param('id')!)
    return seeOther(ctx, c, `${PROGRAMS}?revoked=yes`)
  },
})
