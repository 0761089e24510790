import type { Ctx } from '#kernel/context.ts'
import { type FormErrors, type FormValues, readForm } from '#kernel/http/forms.ts'
import { definePage, localPath, seeOther } from '#kernel/http/page.ts'
import { countryOptions } from '#kernel/places/countries.ts'
import { problem } from '#kernel/problem.ts'
import { Button, Buttons } from '#kernel/ui/buttons.tsx'
import { RadioGroup } from '#kernel/ui/choices.tsx'
import { ErrorSummary, errorTexts } from '#kernel/ui/errors.tsx'
import { SelectField, TextField } from '#kernel/ui/fields.tsx'
import { PublicPage } from '#kernel/ui/layout.tsx'
import { Road } from '#kernel/ui/road.tsx'
import { Note } from '#kernel/ui/states.tsx'
import {
  askRegistration,
  confirmRegistration,
  findRegistration,
  KINDS,
  LINK_HOURS,
  Registration,
  tidyRegistration,
} from '../registration.ts'

const PATH = '/employers/register'

/** An employer or agency begins here: what will happen, and the few things that an officer needs to begin with. */
export const registerPage = definePage({
  path: PATH,
  access: 'public',
  get: (ctx) => <Register ctx={ctx} values={{}} />,
  async post(ctx, c, form) {
    const read = readForm(Registration, form)
    const tidy = read.ok ? await tidyRegistration(ctx, read.value) : read
    if (!tidy.ok) {
      c.status(422)
      return <Register ctx={ctx} values={read.values} errors={tidy.errors} />
    }
    await askRegistration(ctx, tidy.value)
    return seeOther(ctx, c, '/employers/registered')
  },
})

/** Says where to look now. Its own address, so that loading it again registers nothing twice. */
export const registeredPage = definePage({
  path: '/employers/registered',
  access: 'public',
  get: (ctx) => {
    const { t } = ctx
    return (
      <PublicPage ctx={ctx} title={t('employers.registered.title')} path={PATH} robots="noindex">
        <div class="column flow">
          <h1>{t('employers.registered.title')}</h1>
          <Note state="ok" title={t('employers.registered.kept')}>
            {t('employers.registered.next', { hours: LINK_HOURS })}
          </Note>
          <p>{t('employers.registered.no_mail')}</p>
          <p>
            <a href={localPath(ctx, PATH)}>{t('employers.registered.again')}</a>
          </p>
          {ctx.platform.demonstration && (
            <p>
              <a href={localPath(ctx, '/outbox')}>{t('employers.registered.outbox')}</a>
            </p>
          )}
        </div>
      </PublicPage>
    )
  },
})

/** The link in the mail. Only the button uses it up: programs that look into mails open links too. */
export const confirmPage = definePage({
  path: '/employers/confirm/:token',
  access: 'public',
  async get(ctx, c) {
    c.header('Cache-Control', 'no-store')
    const token = c.req.param('token')!
    const asked = await findRegistration(ctx, token)
    if (!asked)
      throw problem('gone', {
        detail: 'employers.confirm.gone',
        onward: { path: PATH, label: 'employers.register.title' },
      })
    const { t } = ctx
    return (
      <PublicPage ctx={ctx} title={t('employers.confirm.title')} path={PATH} robots="noindex">
        <form method="post" class="column flow">
          <h1>{t('employers.confirm.title')}</h1>
          <p>
            <b>{asked.legal_name}</b> · {asked.email}
          </p>
          <p>{t('employers.confirm.next')}</p>
          <Buttons>
            <Button icon="right">{t('employers.confirm.button')}</Button>
          </Buttons>
          <p class="quiet">{t('employers.mail.not_you')}</p>
        </form>
      </PublicPage>
    )
  },
  post: async (ctx, c) => seeOther(ctx, c, await confirmRegistration(ctx, c.req.param('token')!)),
})

async function Register({ ctx, values, errors }: { ctx: Ctx; values: FormValues; errors?: FormErrors }) {
  const { t } = ctx
  const words = errorTexts(ctx, errors ?? {})
  const text = (name: keyof Registration, autocomplete: string, hint?: string) => ({
    name,
    label: t(`employers.register.${name}`),
    hint,
    value: values[name],
    error: words[name],
    autocomplete,
  })
  return (
    <PublicPage ctx={ctx} title={t('employers.register.title')} path={PATH}>
      <div class="two">
        <form method="post" class="flow" novalidate>
          <ErrorSummary ctx={ctx} errors={words} />
          <h1>{t('employers.register.title')}</h1>
          <p>{t('employers.register.lead')}</p>
          <RadioGroup
            name="kind"
            label={t('employers.register.kind')}
            value={values.kind}
            error={words.kind}
            options={KINDS.map((kind) => ({
              value: kind,
              label: t(`employers.code.kind.${kind}`),
              hint: t(`employers.register.kind_${kind}`),
            }))}
          />
          <SelectField
            name="country"
            label={t('employers.register.country')}
            hint={t('employers.register.country_hint')}
            value={values.country ?? 'TJ'}
            error={words.country}
            options={await countryOptions(ctx)}
          />
          <TextField {...text('legal_name', 'organization', t('employers.register.legal_name_hint'))} maxlength={200} />
          <TextField {...text('tin', 'off', t('employers.register.tin_hint'))} maxlength={40} />
          <TextField {...text('phone', 'tel', t('employers.register.phone_hint'))} type="tel" maxlength={40} />
          <TextField {...text('contact_name', 'name')} maxlength={120} />
          <TextField {...text('email', 'email', t('employers.register.email_hint'))} type="email" maxlength={254} />
          <Buttons>
            <Button icon="send">{t('employers.register.send')}</Button>
          </Buttons>
          <p class="quiet">{t('employers.register.private')}</p>
        </form>
        <aside class="flow">
          <h2>{t('employers.register.way')}</h2>
          <Road
            level={3}
            stations={[
              {
                icon: 'send',
                heading: t('employers.register.step_mail'),
                content: t('employers.register.step_mail_text'),
              },
              {
                icon: 'phone',
                heading: t('employers.register.step_check'),
                content: t('employers.register.step_check_text'),
                ahead: true,
              },
              {
                icon: 'work',
                heading: t('employers.register.step_post'),
                content: t('employers.register.step_post_text'),
                ahead: true,
              },
            ]}
          />
          <Note state="stop" title={t('employers.register.fair')}>
            {t('employers.register.fair_text')}
          </Note>
        </aside>
      </div>
    </PublicPage>
  )
}
