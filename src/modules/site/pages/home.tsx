import type { Ctx } from '#kernel/context.ts'
import { definePage } from '#kernel/http/page.ts'
import type { HomeItem } from '#kernel/module.ts'
import { Card } from '#kernel/ui/blocks.tsx'
import { LinkButton } from '#kernel/ui/buttons.tsx'
import { Icon, type IconName } from '#kernel/ui/icons.tsx'
import { PublicPage } from '#kernel/ui/layout.tsx'
import { DANGER_PATH, pathOf } from '#kernel/ui/navigation.ts'
import { Road } from '#kernel/ui/road.tsx'
import { itemsAt, STATIONS } from '../road.ts'
import { RoadDrawing } from './road-drawing.tsx'

const STATION_ICONS: Record<(typeof STATIONS)[number], IconName> = { before: 'door', abroad: 'road', back: 'person' }

/** The whole journey on one page; only what exists is a link. */
export const homePage = definePage({
  path: '/',
  access: 'public',
  async get(ctx) {
    const { t } = ctx
    const quick = await Promise.all(
      itemsAt(ctx, 'quick').open.map(async (item) => ({ ...item, text: await item.hint?.(ctx) })),
    )
    return (
      <PublicPage ctx={ctx} title={t('site.home.title')} description={t('site.home.description')} path="/" bleed>
        <section class="hero">
          <div class="wrap">
            <h1>{t('site.home.title')}</h1>
            <p>{t('site.home.lead')}</p>
          </div>
          <RoadDrawing />
        </section>
        <div class="wrap">
          <div class="quick">
            {quick.map(({ href, icon, label, text }) => (
              <a href={pathOf(ctx, href)} class={href === DANGER_PATH ? 'urgent' : undefined}>
                <Icon name={icon} />
                <span>
                  <b>{t(label)}</b>
                  {text && <small>{text}</small>}
                </span>
                <Icon name="right" />
              </a>
            ))}
          </div>
          <Road
            journey
            stations={STATIONS.map((station) => ({
              icon: STATION_ICONS[station],
              heading: t(`site.home.${station}`),
              content: <Ways ctx={ctx} {...itemsAt(ctx, station)} />,
            }))}
          />
          <div class="two after">
            <GoodToKnow ctx={ctx} />
            <Card near>
              <h2>{t('site.near.title')}</h2>
              <p>{t('site.near.text')}</p>
              <p class="btns">
                <LinkButton kind="second" icon="phone" href={pathOf(ctx, '/help')}>
                  {t('site.near.button')}
                </LinkButton>
              </p>
            </Card>
          </div>
        </div>
      </PublicPage>
    )
  },
})

const Ways = ({ ctx, open, coming }: { ctx: Ctx; open: HomeItem[]; coming: HomeItem[] }) => (
  <>
    <ul class="ways">
      {open.map(({ href, icon, label }) => (
        <li>
          <a href={pathOf(ctx, href)}>
            <Icon name={icon} />
            <span>{ctx.t(label)}</span>
            <Icon name="right" />
          </a>
        </li>
      ))}
    </ul>
    {coming.length > 0 && (
      <p class="quiet coming">
        <b>{ctx.t('site.home.coming')}</b> {coming.map(({ label }) => ctx.t(label)).join('\u00a0· ')}
      </p>
    )}
  </>
)

const GoodToKnow = ({ ctx: { t } }: { ctx: Ctx }) => (
  <section class="news flow">
    <h2>{t('site.know.title')}</h2>
    <ul>
      {['pay', 'passport', 'report'].map((name) => (
        <li>
          <b>{t(`site.know.${name}`)}</b>
          <p class="quiet">{t(`site.know.${name}_text`)}</p>
        </li>
      ))}
    </ul>
  </section>
)
