import { z } from 'zod'
import { staffOf } from '../../access/sessions.ts'
import { askProof } from '../../access/step-up.ts'
import { audit } from '../../audit/audit.ts'
import type { Ctx } from '../../context.ts'
import { readForm } from '../../http/forms.ts'
import { definePage, localPath, seeOther } from '../../http/page.ts'
import { readAbout } from '../../notifications/inbox.ts'
import { problem } from '../../problem.ts'
import { Crumb, Headline, Pairs } from '../../ui/blocks.tsx'
import { Button, Buttons } from '../../ui/buttons.tsx'
import { HiddenField } from '../../ui/fields.tsx'
import { Note } from '../../ui/states.tsx'
import { WorkPage } from '../../ui/work-layout.tsx'
import { listDeliveries, sendAgain } from '../deliveries.ts'
import { LIST_PATH, webhookPath } from '../paths.ts'
import { sendTest } from '../send-event.ts'
import { ADMINISTER, getSubscription, type Subscription, switchSubscription } from '../subscriptions.ts'
import { Deliveries } from './deliveries.tsx'
import { EventLines, SubscriptionTag } from './list.tsx'

const SHOWN = 25
const DONE = ['tested', 'switched', 'again'] as const

/** One address: what it hears of, what was sent to it, and what can be done. */
export const webhookPage = definePage({
  path: `${LIST_PATH}/:id`,
  access: ADMINISTER,
  async get(ctx, c) {
    const { t, format } = ctx
    const subscription = await getSubscription(ctx, c.req.param('id')!)
    const { id, url, events, former_until, failing_since } = subscription
    await readAbout(ctx, { type: 'webhook', id })
    const before = c.req.query('before')
    const deliveries = await listDeliveries(ctx, id, { before, limit: SHOWN })
    const done = DONE.find((one) => c.req.query(one))
    const overlap = former_until && Temporal.Instant.compare(former_until, ctx.now) > 0
    return (
      <WorkPage ctx={ctx} title={t('webhooks.one')} current={LIST_PATH} path={webhookPath(id)}>
        <Crumb href={localPath(ctx, LIST_PATH)} label={t('webhooks.title')} />
        <Headline title={t('webhooks.one')} lead={url} />
        {done && <Note state="ok" announce title={t(`webhooks.done.${done}`)} />}
        <Pairs
          items={[
            [t('webhooks.state'), <SubscriptionTag ctx={ctx} subscription={subscription} />],
            failing_since && [t('webhooks.failing_since'), format.dateTime(failing_since)],
            [t('webhooks.events'), <EventLines ctx={ctx} events={events} />],
            [t('webhooks.added'), format.dateTime(subscription.created_at)],
            overlap && [t('webhooks.former_until'), format.dateTime(former_until)],
          ]}
        />
        <Acts ctx={ctx} subscription={subscription} />
        <h2>{t('webhooks.deliveries')}</h2>
        <Deliveries ctx={ctx} subscription={subscription} before={before} {...deliveries} />
      </WorkPage>
    )
  },
})

const Acts = ({ ctx, subscription: { id, off_at } }: { ctx: Ctx; subscription: Subscription }) => {
  const { t } = ctx
  const at = (act: string) => localPath(ctx, `${webhookPath(id)}/${act}`)
  return (
    <Buttons>
      {!off_at && (
        <form method="post" action={at('test')}>
          <Button icon="send">{t('webhooks.test')}</Button>
        </form>
      )}
      <form method="post" action={at('secret')}>
        <Button kind="second" icon="key">
          {t('webhooks.secret_new')}
        </Button>
      </form>
      <form method="post" action={at('state')}>
        <HiddenField name="to" value={off_at ? 'on' : 'off'} />
        <Button kind="second">{t(off_at ? 'webhooks.switch_on' : 'webhooks.switch_off')}</Button>
      </form>
    </Buttons>
  )
}

/** Sends a test to the address. */
export const webhookTestPage = definePage({
  path: `${LIST_PATH}/:id/test`,
  access: ADMINISTER,
  async post(ctx, c) {
    const { id } = await getSubscription(ctx, c.req.param('id')!)
    if (!(await sendTest(ctx, staffOf(ctx).organisation_id, id))) throw problem('conflict')
    await audit(ctx, 'webhook.test', { type: 'webhook', id })
    return seeOther(ctx, c, `${webhookPath(id)}?tested=yes`)
  },
})

const TO = z.object({ to: z.enum(['on', 'off']) })

/** Switches the address off, or on again, which wants a proof. */
export const webhookStatePage = definePage({
  path: `${LIST_PATH}/:id/state`,
  access: ADMINISTER,
  async post(ctx, c, form) {
    const { id } = await getSubscription(ctx, c.req.param('id')!)
    const read = readForm(TO, form)
    if (!read.ok) throw problem('invalid')
    const on = read.value.to === 'on'
    const away = on ? await askProof(ctx, c, webhookPath(id)) : null
    if (away) return away
    await switchSubscription(ctx, id, on)
    return seeOther(ctx, c, `${webhookPath(id)}?switched=yes`)
  },
})

const DELIVERY = z.object({ delivery: z.uuid() })

/** Sends once more what had failed. */
export const webhookAgainPage = definePage({
  path: `${LIST_PATH}/:id/again`,
  access: ADMINISTER,
  async post(ctx, c, form) {
    const { id } = await getSubscription(ctx, c.req.param('id')!)
    const read = readForm(DELIVERY, form)
    if (!read.ok) throw problem('invalid')
    await sendAgain(ctx, id, read.value.delivery)
    return seeOther(ctx, c, `${webhookPath(id)}?again=yes`)
  },
})
