import type { Ctx } from '../../context.ts'
import { localPath } from '../../http/page.ts'
import { Empty } from '../../ui/blocks.tsx'
import { Button } from '../../ui/buttons.tsx'
import { HiddenField } from '../../ui/fields.tsx'
import { Pager } from '../../ui/lists.tsx'
import { Tag } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import type { Delivery } from '../deliveries.ts'
import { eventText } from '../events.ts'
import { webhookPath } from '../paths.ts'
import type { Subscription } from '../subscriptions.ts'

const LOOKS = { waiting: 'unknown', sent: 'ok', failed: 'stop' } as const

type Props = {
  ctx: Ctx
  subscription: Subscription
  items: readonly Delivery[]
  next: string | null
  before: string | undefined
}

/** What was sent to one address, with what it answered. */
export function Deliveries({ ctx, subscription, items, next, before }: Props) {
  const { t, format } = ctx
  const path = localPath(ctx, webhookPath(subscription.id))
  if (items.length === 0) return <Empty title={t('webhooks.no_deliveries')} text={t('webhooks.no_deliveries_text')} />
  return (
    <>
      <Table
        caption={t('webhooks.deliveries')}
        hidden
        columns={['event', 'at', 'state', 'answer'].map((key) => ({ label: t(`webhooks.delivery.${key}`) }))}
        rows={items.map((one) => [
          <>
            {eventText(ctx.platform, t, one.event)}
            <div class="quiet">
              <code>msg_{one.message_id}</code>
            </div>
          </>,
          format.dateTime(one.created_at),
          <>
            <Tag state={LOOKS[one.state]}>{t(`webhooks.delivery.${one.state}`)}</Tag>
            {one.attempts > 0 && <div class="quiet">{t('webhooks.delivery.tries', { count: one.attempts })}</div>}
            {one.next_try && one.attempts > 0 && (
              <div class="quiet">{t('webhooks.delivery.next', { at: format.dateTime(one.next_try) })}</div>
            )}
          </>,
          <>
            {answerText(ctx, one)}
            {one.state === 'failed' && !subscription.off_at && (
              <form method="post" action={`${path}/again`}>
                <HiddenField name="delivery" value={one.id} />
                <Button kind="plain" icon="undo">
                  {t('webhooks.delivery.again')}
                </Button>
              </form>
            )}
          </>,
        ])}
      />
      <Pager
        ctx={ctx}
        shown={items.length}
        total={{ atLeast: items.length }}
        next={next && `${path}?before=${next}`}
        previous={before && path}
      />
    </>
  )
}

const answerText = ({ t }: Ctx, { status, error }: Delivery): string =>
  [error && t(`webhooks.error.${error}`), status !== null && t('webhooks.delivery.status', { status: String(status) })]
    .filter(Boolean)
    .join(' · ') || t('webhooks.delivery.none_yet')
