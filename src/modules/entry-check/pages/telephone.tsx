import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { type FormErrors, type FormValues, readForm } from '#kernel/http/forms.ts'
import { keptNothing } from '#kernel/http/limits.ts'
import { definePage, seeOther } from '#kernel/http/page.ts'
import { normalisePhone } from '#kernel/notifications/sms/phone.ts'
import { Card, Pairs } from '#kernel/ui/blocks.tsx'
import { Button } from '#kernel/ui/buttons.tsx'
import { DateField } from '#kernel/ui/date-field.tsx'
import { ErrorSummary, errorTexts, inOrder } from '#kernel/ui/errors.tsx'
import { HiddenField, TextField } from '#kernel/ui/fields.tsx'
import { PublicPage } from '#kernel/ui/layout.tsx'
import { pathOf } from '#kernel/ui/navigation.ts'
import { Note } from '#kernel/ui/states.tsx'
import { knowDevice } from '../limits.ts'
import { askCode, CODE_MINUTES, type Proved, useCode } from '../telephone.ts'
import { sendsTexts } from '../text-messages.ts'
import { ENTRY_CHECK, Exit } from './ask.tsx'
import { DOCUMENT_AND_BIRTH, readBirth } from './document.ts'
import { padded } from './padded.ts'

const PATH = `${ENTRY_CHECK}/telephone`
const CODE = `${ENTRY_CHECK}/code`

const Claimed = z.object({
  ...DOCUMENT_AND_BIRTH,
  phone: z
    .string('entry_check.telephone.phone_missing')
    .max(30)
    .refine((text) => normalisePhone(text, 'TJ') !== null, 'entry_check.telephone.phone_wrong'),
})

/** Proof by a code to one's own telephone. What is answered is the same whether there is such a telephone or not. */
export const telephonePage = definePage({
  path: PATH,
  access: 'public',
  get: (ctx) => <Claim ctx={ctx} values={{}} errors={{}} />,
  async post(ctx, c, form) {
    if (!sendsTexts(ctx)) {
      c.status(422)
      return <Claim ctx={ctx} values={{}} errors={{}} />
    }
    const read = readForm(Claimed, form)
    const birth = readBirth(ctx, form)
    if (!read.ok || !birth) {
      keptNothing(c)
      c.status(422)
      const errors = { ...(!birth && { birth: 'entry_check.desk.birth_wrong' }), ...(!read.ok && read.errors) }
      return <Claim ctx={ctx} values={read.values} errors={inOrder(errors, ['document', 'birth', 'phone'])} />
    }
    const { document, phone } = read.value
    const ticket = await askCode(ctx, c, { document, birth, phone: normalisePhone(phone, 'TJ')! })
    // From now on this telephone has a share of its own, whoever else wishes for codes behind the same address.
    knowDevice(ctx, c)
    return padded(c, <Code ctx={ctx} ticket={ticket} errors={{}} />, 200)
  },
})

const Given = z.object({
  ticket: z.uuid(),
  code: z
    .string('entry_check.telephone.code_missing')
    .transform((text) => text.replace(/\s/g, ''))
    .pipe(z.string().regex(/^\d{6}$/, 'entry_check.telephone.code_wrong')),
})

/** Reference and PIN for whoever has the code. */
export const codePage = definePage({
  path: CODE,
  access: 'public',
  get: (ctx, c) => seeOther(ctx, c, PATH),
  async post(ctx, c, form) {
    const ticket = z.uuid().safeParse(form.get('ticket'))
    if (!ticket.success) return seeOther(ctx, c, PATH)
    const read = readForm(Given, form)
    if (!read.ok) {
      keptNothing(c)
      return padded(c, <Code ctx={ctx} ticket={ticket.data} errors={read.errors} />, 422)
    }
    const proved = await useCode(ctx, c, read.value.ticket, read.value.code)
    if (!proved) return padded(c, <Code ctx={ctx} ticket={ticket.data} errors={{}} wrong />, 422)
    return padded(c, <Shown ctx={ctx} proved={proved} />, 200)
  },
})

const Claim = ({ ctx, values, errors }: { ctx: Ctx; values: FormValues; errors: FormErrors }) => {
  const { t } = ctx
  const words = errorTexts(ctx, errors)
  return (
    <PublicPage ctx={ctx} title={t('entry_check.telephone.title')} current={ENTRY_CHECK} path={PATH} robots="noindex">
      <div class="flow">
        <Exit ctx={ctx} />
        <h1>{t('entry_check.telephone.title')}</h1>
        {!sendsTexts(ctx) && (
          <Note state="unknown" title={t('entry_check.telephone.none')}>
            {t('entry_check.telephone.desk')} <a href={pathOf(ctx, '/help')}>{t('entry_check.how.where')}</a>
          </Note>
        )}
        {sendsTexts(ctx) && (
          <>
            <p>{t('entry_check.telephone.lead')}</p>
            <ErrorSummary ctx={ctx} errors={words} />
            <form method="post" action={pathOf(ctx, PATH)} class="flow" autocomplete="off" novalidate>
              <TextField
                name="document"
                label={t('entry_check.telephone.document')}
                value={values.document}
                error={words.document}
                autocomplete="off"
                spellcheck={false}
                maxlength={40}
              />
              <DateField
                ctx={ctx}
                name="birth"
                label={t('entry_check.telephone.birth')}
                error={words.birth}
                value={{ day: values.birth_day, month: values.birth_month, year: values.birth_year }}
              />
              <TextField
                name="phone"
                type="tel"
                label={t('entry_check.telephone.phone')}
                hint={t('entry_check.telephone.phone_hint')}
                value={values.phone}
                error={words.phone}
                autocomplete="off"
                maxlength={30}
              />
              <Button end="right">{t('entry_check.telephone.send')}</Button>
            </form>
            <p class="quiet">{t('entry_check.telephone.desk')}</p>
          </>
        )}
      </div>
    </PublicPage>
  )
}

const Code = ({ ctx, ticket, errors, wrong }: { ctx: Ctx; ticket: string; errors: FormErrors; wrong?: boolean }) => {
  const { t } = ctx
  const words = errorTexts(ctx, errors)
  return (
    <PublicPage ctx={ctx} title={t('entry_check.code.title')} current={ENTRY_CHECK} path={PATH} robots="noindex">
      <div class="flow">
        <Exit ctx={ctx} />
        <h1>{t('entry_check.code.title')}</h1>
        <ErrorSummary ctx={ctx} errors={words} />
        {wrong ? (
          <Note state="stop" title={t('entry_check.code.nothing')} announce>
            {t('entry_check.code.nothing_text')}
          </Note>
        ) : (
          <Note state="unknown" title={t('entry_check.code.maybe')}>
            {t('entry_check.code.maybe_text', { minutes: CODE_MINUTES })}
          </Note>
        )}
        <form method="post" action={pathOf(ctx, CODE)} class="flow" autocomplete="off" novalidate>
          <HiddenField name="ticket" value={ticket} />
          <TextField
            name="code"
            label={t('entry_check.code.code')}
            error={words.code}
            autocomplete="one-time-code"
            inputmode="numeric"
            maxlength={12}
            width="digits"
          />
          <Button icon="key">{t('entry_check.code.open')}</Button>
        </form>
        <p>
          <a href={pathOf(ctx, PATH)}>{t('entry_check.code.again')}</a>
        </p>
        <p>
          <a href={pathOf(ctx, '/help')}>{t('entry_check.how.where')}</a>
        </p>
      </div>
    </PublicPage>
  )
}

const Shown = ({ ctx, proved: { reference, pin } }: { ctx: Ctx; proved: Proved }) => {
  const { t } = ctx
  return (
    <PublicPage ctx={ctx} title={t('entry_check.code.done')} current={ENTRY_CHECK} path={PATH} robots="noindex">
      <div class="flow">
        <Exit ctx={ctx} />
        <h1>{t('entry_check.code.done')}</h1>
        <Card>
          <Pairs
            items={[
              [t('my_case.form.reference'), <span class="code">{reference}</span>],
              [t('my_case.form.pin'), <span class="code">{pin}</span>],
            ]}
          />
          <p>{t('entry_check.pin.once')}</p>
        </Card>
        <form method="post" action={pathOf(ctx, ENTRY_CHECK)} autocomplete="off">
          <HiddenField name="reference" value={reference} />
          <HiddenField name="pin" value={pin} />
          <Button end="right">{t('entry_check.form.ask')}</Button>
        </form>
        <p class="quiet">{t('entry_check.code.delete')}</p>
      </div>
    </PublicPage>
  )
}
