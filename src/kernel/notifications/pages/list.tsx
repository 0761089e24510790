import { z } from 'zod'
import type { Ctx } from '../../context.ts'
import { readForm } from '../../http/forms.ts'
import { definePage, seeOther } from '../../http/page.ts'
import { problem } from '../../problem.ts'
import { Empty, Headline } from '../../ui/blocks.tsx'
import { Button, LinkButton } from '../../ui/buttons.tsx'
import { HiddenField } from '../../ui/fields.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Pager } from '../../ui/lists.tsx'
import { pathOf } from '../../ui/navigation.ts'
import { Tag } from '../../ui/states.tsx'
import { WorkPage } from '../../ui/work-layout.tsx'
import { listNotifications, type Notification, readAll, readNotification } from '../inbox.ts'
import { LIST_PATH, SETTINGS_PATH } from '../paths.ts'

const PAGE = 25
const Until = z.object({ until: z.iso.datetime().regex(/^[12]/) })
const Stay = z.object({ stay: z.string().optional() })

/** Everything one was told, the newest first. Sent as a form: all of it is read. */
export const notificationListPage = definePage({
  path: LIST_PATH,
  access: 'staff',
  async get(ctx, c) {
    const { t } = ctx
    const before = c.req.query('before')
    const { items, next } = await listNotifications(ctx, { before, limit: PAGE })
    const unread = items.some(({ read_at }) => read_at === null)
    return (
      <WorkPage ctx={ctx} title={t('notifications.title')} current={LIST_PATH}>
        <Headline title={t('notifications.title')} lead={t('notifications.lead')}>
          {unread && (
            <form method="post" action={pathOf(ctx, LIST_PATH)}>
              <HiddenField name="until" value={String(ctx.now)} />
              <Button kind="second">{t('notifications.read_all')}</Button>
            </form>
          )}
          <LinkButton kind="second" icon="gear" href={pathOf(ctx, SETTINGS_PATH)}>
            {t('notifications.settings.title')}
          </LinkButton>
        </Headline>
        {items.length === 0 ? (
          <Empty title={t('notifications.empty')} text={t('notifications.empty_text')}>
            <LinkButton kind="second" href={pathOf(ctx, '/work')}>
              {t('notifications.to_work')}
            </LinkButton>
          </Empty>
        ) : (
          <ul>
            {items.map((item) => (
              <Row ctx={ctx} item={item} />
            ))}
          </ul>
        )}
        <Pager
          ctx={ctx}
          shown={items.length}
          total={{ atLeast: items.length }}
          next={next && pathOf(ctx, `${LIST_PATH}?before=${next}`)}
          previous={before && pathOf(ctx, LIST_PATH)}
        />
      </WorkPage>
    )
  },
  async post(ctx, c, form) {
    const read = readForm(Until, form)
    if (!read.ok) throw problem('invalid')
    await readAll(ctx, Temporal.Instant.from(read.value.until))
    return seeOther(ctx, c, LIST_PATH)
  },
})

/** One of them: sent as a form it is read, and leads to what it is about. */
export const notificationPage = definePage({
  path: `${LIST_PATH}/:id`,
  access: 'staff',
  async post(ctx, c, form) {
    const { href } = await readNotification(ctx, c.req.param('id')!)
    const { values } = readForm(Stay, form)
    return seeOther(ctx, c, values.stay ? LIST_PATH : href)
  },
})

// Names that differ by language were told in each, as `office_tg`, `office_ru`: the sentence says `office`.
const valuesIn = (lang: string, values: Notification['message_values']): Notification['message_values'] => ({
  ...values,
  ...Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      name.endsWith(`_${lang}`) ? [[name.slice(0, -lang.length - 1), value]] : [],
    ),
  ),
})

function Row({ ctx, item }: { ctx: Ctx; item: Notification }) {
  const { t, format } = ctx
  const fresh = item.read_at === null
  // A sentence of an earlier version may be gone; what it led to need not be.
  const title = t.has(item.message_key)
    ? t(item.message_key, { ...valuesIn(ctx.lang, item.message_values), count: item.occurrences })
    : t('notifications.earlier_version')
  return (
    <li class="task">
      <Icon name="bell" />
      <h2 class="h3">{title}</h2>
      <p class="quiet">
        {format.dateTime(item.last_at)}
        {item.occurrences > 1 && ` · ${t('notifications.since', { date: format.dateTime(item.created_at) })}`}
      </p>
      <p class="due">
        {fresh ? (
          <Tag state="attention" icon="bell">
            {t('notifications.new')}
          </Tag>
        ) : (
          <Tag state="ok">{t('notifications.read')}</Tag>
        )}
      </p>
      <form method="post" action={pathOf(ctx, `${LIST_PATH}/${item.id}`)} class="btns">
        <Button kind="second">
          {t('notifications.open')}
          <span class="vh">: {title}</span>
        </Button>
        {fresh && (
          <Button kind="plain" name="stay" value="yes">
            {t('notifications.mark_read')}
            <span class="vh">: {title}</span>
          </Button>
        )}
      </form>
    </li>
  )
}
