import { z } from 'zod'
import { askProof } from '../../access/step-up.ts'
import type { Ctx } from '../../context.ts'
import { readForm } from '../../http/forms.ts'
import { definePage, localPath } from '../../http/page.ts'
import { Crumb, Headline } from '../../ui/blocks.tsx'
import { Button, Buttons } from '../../ui/buttons.tsx'
import { CheckboxGroup } from '../../ui/choices.tsx'
import { ErrorSummary, errorTexts } from '../../ui/errors.tsx'
import { TextField } from '../../ui/fields.tsx'
import { WorkPage } from '../../ui/work-layout.tsx'
import { mayStayHere, readAddress } from '../addresses.ts'
import { allEvents } from '../events.ts'
import { LIST_PATH } from '../paths.ts'
import { ADMINISTER, addSubscription } from '../subscriptions.ts'
import { SecretShown } from './secret.tsx'

const PATH = `${LIST_PATH}/new`

const formOf = ({ platform }: Pick<Ctx, 'platform'>) => {
  const local = mayStayHere(platform.config)
  const known = allEvents(platform).map(({ event }) => event)
  return z.object({
    url: z
      .string('webhooks.url_missing')
      .max(500, 'webhooks.url_form')
      .refine((text) => readAddress(text, local) !== null, 'webhooks.url_form'),
    events: z
      .array(
        z.string().refine((event) => known.includes(event)),
        'webhooks.events_missing',
      )
      .min(1, 'webhooks.events_missing'),
  })
}

/** A new address: where, and of what it hears. The answer is its secret, this once. */
export const newWebhookPage = definePage({
  path: PATH,
  access: ADMINISTER,
  get: async (ctx, c) => (await askProof(ctx, c, PATH)) ?? show(ctx, {}),
  async post(ctx, c, form) {
    const away = await askProof(ctx, c, PATH)
    if (away) return away
    const read = readForm(formOf(ctx), form)
    if (!read.ok) {
      c.status(422)
      return show(ctx, read.values, errorTexts(ctx, read.errors))
    }
    const { id, secret } = await addSubscription(ctx, read.value)
    return <SecretShown ctx={ctx} id={id} url={read.value.url} secret={secret} />
  },
})

function show(ctx: Ctx, values: Record<string, string>, errors?: Record<string, string>) {
  const { t, platform } = ctx
  return (
    <WorkPage ctx={ctx} title={t('webhooks.new')} current={LIST_PATH} path={PATH}>
      <Crumb href={localPath(ctx, LIST_PATH)} label={t('webhooks.title')} />
      <ErrorSummary ctx={ctx} errors={errors} />
      <Headline title={t('webhooks.new')} lead={t('webhooks.new_lead')} />
      <form method="post" action={localPath(ctx, PATH)} novalidate>
        <TextField
          name="url"
          label={t('webhooks.url')}
          hint={t('webhooks.url_hint')}
          error={errors?.url}
          value={values.url}
          type="url"
          autocomplete="off"
          spellcheck={false}
          maxlength={500}
        />
        <CheckboxGroup
          name="events"
          label={t('webhooks.events')}
          error={errors?.events}
          values={values.events?.split(',')}
          options={allEvents(platform).map(({ event, label }) => ({ value: event, label: t(label), hint: event }))}
        />
        <Buttons>
          <Button>{t('webhooks.add')}</Button>
        </Buttons>
      </form>
    </WorkPage>
  )
}
