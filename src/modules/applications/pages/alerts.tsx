import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { type FormErrors, type FormValues, readForm } from '#kernel/http/forms.ts'
import type { Resource } from '#kernel/http/page.ts'
import { definePage, localPath, seeOther } from '#kernel/http/page.ts'
import { isLang, LANGUAGES } from '#kernel/i18n/languages.ts'
import { normalisePhone } from '#kernel/notifications/sms/phone.ts'
import { Crumb, Pairs } from '#kernel/ui/blocks.tsx'
import { Button, Buttons, LinkButton } from '#kernel/ui/buttons.tsx'
import { RadioGroup } from '#kernel/ui/choices.tsx'
import { ErrorSummary, errorTexts } from '#kernel/ui/errors.tsx'
import { TextField } from '#kernel/ui/fields.tsx'
import { PublicPage } from '#kernel/ui/layout.tsx'
import { Note } from '#kernel/ui/states.tsx'
import { watchOf } from '#modules/vacancies/public.ts'
import {
  CHANNELS,
  confirmSearch,
  endSearch,
  getSearch,
  MODES,
  type SavedSearch,
  saveSearch,
} from '../alerts/searches.ts'

const ALERT_ME = '/alert-me'
// Apart from the others: what is sent there may come from anywhere.
const ALERTS = '/alerts'
const Asked = z.object({
  channel: z.enum(CHANNELS, 'applications.alert.channel_missing'),
  to: z.string('applications.alert.to_missing').max(200),
  mode: z.enum(MODES, 'applications.alert.mode_missing'),
})

/** "Tell me about new adverts": for the search that the address asks, by e-mail or text message. */
export const newAlertPage = definePage({
  path: ALERT_ME,
  access: 'public',
  async get(ctx, c) {
    const params = new URL(c.req.url).searchParams
    return <New ctx={ctx} params={params} fits={(await watchOf(ctx, params)) !== null} values={{}} errors={{}} />
  },
  async post(ctx, c, form) {
    const params = new URL(c.req.url).searchParams
    const watch = await watchOf(ctx, params)
    const read = readForm(Asked, form)
    const to = read.ok ? addressOf(read.value) : null
    if (!watch || !read.ok || !to) {
      c.status(422)
      const errors: FormErrors = read.ok
        ? to
          ? {}
          : { to: `applications.alert.${read.value.channel}_wrong` }
        : read.errors
      return <New ctx={ctx} params={params} fits={watch !== null} values={read.values} errors={errors} />
    }
    const { channel, mode } = read.value
    await saveSearch(ctx, watch, { channel, mode, to, label: labelOf(ctx, params) })
    return seeOther(ctx, c, `${ALERT_ME}/sent`)
  },
})

const addressOf = ({ channel, to }: z.output<typeof Asked>): string | null =>
  channel === 'sms' ? normalisePhone(to, 'TJ') : z.email().safeParse(to).success ? to : null

// What the person searched for, in their words; the trade's code where they chose it from a list.
const labelOf = (ctx: Ctx, params: URLSearchParams): string =>
  [params.get('q'), params.get('place')].filter(Boolean).join(', ').slice(0, 200) || ctx.t('applications.alert.chosen')

/** The same for everybody who asked. */
export const alertSentPage = definePage({
  path: `${ALERT_ME}/sent`,
  access: 'public',
  get: (ctx) => (
    <PublicPage
      ctx={ctx}
      title={ctx.t('applications.alert.sent')}
      current="/vacancies"
      path="/vacancies"
      robots="noindex"
    >
      <div class="flow">
        <h1>{ctx.t('applications.alert.sent')}</h1>
        <Note state="ok" title={ctx.t('applications.alert.sent_title')}>
          {ctx.t('applications.alert.sent_text')}
        </Note>
        <LinkButton kind="second" href={localPath(ctx, '/vacancies')}>
          {ctx.t('vacancies.list.all')}
        </LinkButton>
      </div>
    </PublicPage>
  ),
})

/**
 * What the link in every message opens: confirm it, or stop it. A mail program stops it by one POST without asking anybody
 * (RFC 8058). Looking alone changes nothing: mailboxes are searched by machines that follow links.
 */
export const alertPage = definePage({
  path: `${ALERTS}/:token`,
  access: 'public',
  fromAnywhere: true,
  async get(ctx, c) {
    c.header('Cache-Control', 'no-store')
    c.header('Referrer-Policy', 'no-referrer')
    const token = c.req.param('token')!
    return <One ctx={ctx} token={token} search={await getSearch(ctx, token)} />
  },
  async post(ctx, c, form) {
    const token = c.req.param('token')!
    const oneClick = form.get('List-Unsubscribe') === 'One-Click'
    if (oneClick || form.get('act') === 'stop') await endSearch(ctx, token)
    if (form.get('act') === 'confirm') await confirmSearch(ctx, token)
    return <One ctx={ctx} token={token} search={await getSearch(ctx, token)} />
  },
})

/** The short address in text messages. */
export const shortAlert: Resource = {
  path: '/a/:token',
  async get(ctx, c) {
    const token = c.req.param('token')!
    const { lang } = await getSearch(ctx, token)
    c.header('Cache-Control', 'no-store')
    return c.redirect(`/${isLang(lang) ? lang : LANGUAGES[0]}${ALERTS}/${token}`, 303)
  },
}

type NewProps = { ctx: Ctx; params: URLSearchParams; fits: boolean; values: FormValues; errors: FormErrors }

function New({ ctx, params, fits, values, errors }: NewProps) {
  const { t } = ctx
  const words = errorTexts(ctx, errors)
  const query = params.size > 0 ? `?${params}` : ''
  return (
    <PublicPage
      ctx={ctx}
      title={t('applications.alert.title')}
      current="/vacancies"
      path={`${ALERT_ME}${query}`}
      robots="noindex"
    >
      <div class="flow">
        <Crumb href={localPath(ctx, `/vacancies${query}`)} label={t('applications.alert.back')} />
        <ErrorSummary ctx={ctx} errors={words} />
        <h1>{t('applications.alert.title')}</h1>
        {!fits ? (
          <Note state="unknown" title={t('applications.alert.too_wide')}>
            {t('applications.alert.too_wide_text')}
          </Note>
        ) : (
          <form method="post" class="flow" autocomplete="off">
            <p>
              {t('applications.alert.for')} <b>{labelOf(ctx, params)}</b>
            </p>
            <RadioGroup
              name="channel"
              label={t('applications.alert.channel')}
              value={values.channel}
              error={words.channel}
              options={CHANNELS.map((value) => ({
                value,
                label: t(`applications.alert.channel_${value}`),
                hint: t(`applications.alert.channel_${value}_hint`),
              }))}
            />
            <TextField
              name="to"
              label={t('applications.alert.to')}
              hint={t('applications.alert.to_hint')}
              value={values.to}
              error={words.to}
              autocomplete="off"
              maxlength={200}
            />
            <RadioGroup
              name="mode"
              label={t('applications.alert.mode')}
              value={values.mode}
              error={words.mode}
              options={MODES.map((value) => ({ value, label: t(`applications.alert.mode_${value}`) }))}
            />
            <Button icon="bell">{t('applications.alert.send')}</Button>
            <p class="quiet">{t('applications.alert.private')}</p>
          </form>
        )}
      </div>
    </PublicPage>
  )
}

const LOOKS = { waiting: 'attention', active: 'ok', ended: 'unknown' } as const

function One({ ctx, token, search }: { ctx: Ctx; token: string; search: SavedSearch }) {
  const { t } = ctx
  const { state, label, mode, channel, query } = search
  return (
    <PublicPage
      ctx={ctx}
      title={t('applications.alert.title')}
      current="/vacancies"
      path={`${ALERTS}/${token}`}
      robots="noindex"
    >
      <div class="flow">
        <h1>{t('applications.alert.title')}</h1>
        <Note state={LOOKS[state]} title={t(`applications.alert.${state}`)} announce>
          {t(`applications.alert.${state}_text`)}
        </Note>
        <Pairs
          items={[
            [t('applications.alert.for'), label],
            [t('applications.alert.channel'), t(`applications.alert.channel_${channel}`)],
            [t('applications.alert.mode'), t(`applications.alert.mode_${mode}`)],
          ]}
        />
        {state !== 'ended' && (
          <form method="post" action={localPath(ctx, `${ALERTS}/${token}`)}>
            <Buttons>
              {state === 'waiting' && (
                <Button name="act" value="confirm">
                  {t('applications.alert.confirm')}
                </Button>
              )}
              <Button kind="second" icon="x" name="act" value="stop">
                {t('applications.alert.stop')}
              </Button>
            </Buttons>
          </form>
        )}
        <p>
          <a href={localPath(ctx, `/vacancies${query}`)}>{t('applications.alert.show')}</a>
        </p>
      </div>
    </PublicPage>
  )
}
