import type { Ctx } from '../../context.ts'
import { definePage, localPath } from '../../http/page.ts'
import { Empty, Headline } from '../../ui/blocks.tsx'
import { LinkButton } from '../../ui/buttons.tsx'
import { Tag } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { WorkPage } from '../../ui/work-layout.tsx'
import { eventText } from '../events.ts'
import { LIST_PATH, webhookPath } from '../paths.ts'
import { ADMINISTER, listSubscriptions, MOST_SUBSCRIPTIONS, type Subscription } from '../subscriptions.ts'

/** Where the programs of the organisation are told of what. */
export const webhooksPage = definePage({
  path: LIST_PATH,
  access: ADMINISTER,
  async get(ctx) {
    const { t } = ctx
    const subscriptions = await listSubscriptions(ctx)
    const full = subscriptions.length >= MOST_SUBSCRIPTIONS
    const add = (
      <LinkButton icon="send" href={localPath(ctx, `${LIST_PATH}/new`)}>
        {t('webhooks.new')}
      </LinkButton>
    )
    return (
      <WorkPage ctx={ctx} title={t('webhooks.title')} current={LIST_PATH}>
        <Headline title={t('webhooks.title')} lead={t('webhooks.lead')}>
          {subscriptions.length > 0 && !full && add}
        </Headline>
        {subscriptions.length === 0 ? (
          <Empty title={t('webhooks.empty')} text={t('webhooks.empty_text')}>
            {add}
          </Empty>
        ) : (
          <Table
            caption={t('webhooks.title')}
            hidden
            columns={['url', 'events', 'state', 'added'].map((key) => ({ label: t(`webhooks.${key}`) }))}
            rows={subscriptions.map((one) => [
              <a href={localPath(ctx, webhookPath(one.id))}>{one.url}</a>,
              <EventLines ctx={ctx} events={one.events} />,
              <SubscriptionTag ctx={ctx} subscription={one} />,
              ctx.format.date(one.created_at),
            ])}
          />
        )}
        {full && <p>{t('webhooks.most', { count: MOST_SUBSCRIPTIONS })}</p>}
      </WorkPage>
    )
  },
})

/** What an address hears of, one to a line. */
export const EventLines = ({ ctx, events }: { ctx: Ctx; events: readonly string[] }) => (
  <>
    {events.map((event) => (
      <div>{eventText(ctx.platform, ctx.t, event)}</div>
    ))}
  </>
)

/** Whether an address is told, as colour, shape and word. */
export const SubscriptionTag = ({ ctx, subscription }: { ctx: Ctx; subscription: Subscription }) => {
  const { off_why, failing_since } = subscription
  if (off_why) return <Tag state="stop">{ctx.t(`webhooks.off.${off_why}`)}</Tag>
  if (failing_since) return <Tag state="attention">{ctx.t('webhooks.failing')}</Tag>
  return <Tag state="ok">{ctx.t('webhooks.on')}</Tag>
}
