import { z } from 'zod'
import { readForm } from '../../http/forms.ts'
import { definePage, seeOther } from '../../http/page.ts'
import { problem } from '../../problem.ts'
import { Crumb, Empty, Headline } from '../../ui/blocks.tsx'
import { Button, Buttons } from '../../ui/buttons.tsx'
import { RadioGroup } from '../../ui/choices.tsx'
import { pathOf } from '../../ui/navigation.ts'
import { Note } from '../../ui/states.tsx'
import { WorkPage } from '../../ui/work-layout.tsx'
import { MAIL_MODES, personalKinds } from '../kinds.ts'
import { LIST_PATH, SETTINGS_PATH } from '../paths.ts'
import { listPreferences, setPreferences } from '../preferences.ts'

/** What one gets by e-mail, kind by kind. */
export const settingsPage = definePage({
  path: SETTINGS_PATH,
  access: 'staff',
  async get(ctx, c) {
    const { t } = ctx
    const { config, demonstration } = ctx.platform
    const kinds = await listPreferences(ctx)
    return (
      <WorkPage ctx={ctx} title={t('notifications.settings.title')} current={LIST_PATH} path={SETTINGS_PATH}>
        <Crumb href={pathOf(ctx, LIST_PATH)} label={t('notifications.title')} />
        <Headline title={t('notifications.settings.title')} lead={t('notifications.settings.lead')} />
        {c.req.query('saved') && <Note state="ok" announce title={t('notifications.settings.saved')} />}
        {!config.HAMSAFAR_SMTP_URL && (
          <Note state="unknown" title={t('notifications.settings.no_mail')}>
            {demonstration && <a href={pathOf(ctx, '/outbox')}>{t('notifications.outbox.title')}</a>}
          </Note>
        )}
        <p>
          {t('notifications.settings.always')}{' '}
          {personalKinds(ctx.platform)
            .map(({ label }) => t(label))
            .join('; ')}
          .
        </p>
        {kinds.length === 0 ? (
          <Empty title={t('notifications.settings.none')} />
        ) : (
          <form method="post" action={pathOf(ctx, SETTINGS_PATH)} class="flow">
            {kinds.map(({ kind, label, mail }) => (
              <RadioGroup
                name={kind}
                label={t(label)}
                value={mail}
                options={MAIL_MODES.map((mode) => ({
                  value: mode,
                  label: t(`notifications.mode.${mode}`),
                  hint: t(`notifications.mode_hint.${mode}`),
                }))}
              />
            ))}
            <Buttons>
              <Button>{t('notifications.settings.save')}</Button>
            </Buttons>
          </form>
        )}
      </WorkPage>
    )
  },
  async post(ctx, c, form) {
    const kinds = (await listPreferences(ctx)).map(({ kind }) => kind)
    // What the form did not ask, because it is older than the kind, stays as it is.
    const read = readForm(
      z.object(Object.fromEntries(kinds.map((kind) => [kind, z.enum(MAIL_MODES).optional()]))),
      form,
    )
    if (!read.ok) throw problem('invalid')
    await setPreferences(
      ctx,
      Object.entries(read.value).flatMap(([kind, mail]) => (mail ? [{ kind, mail }] : [])),
    )
    return seeOther(ctx, c, `${SETTINGS_PATH}?saved=yes`)
  },
})
