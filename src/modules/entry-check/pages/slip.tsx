import QRCode from 'qrcode'
import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { type FormErrors, type FormValues, readForm } from '#kernel/http/forms.ts'
import { keptNothing } from '#kernel/http/limits.ts'
import { definePage } from '#kernel/http/page.ts'
import { PROOF, ProofFields } from '#kernel/my-case/pages/my-case.tsx'
import { Crumb, Pairs } from '#kernel/ui/blocks.tsx'
import { Button } from '#kernel/ui/buttons.tsx'
import { ErrorSummary, errorTexts } from '#kernel/ui/errors.tsx'
import { TextField } from '#kernel/ui/fields.tsx'
import { PublicPage } from '#kernel/ui/layout.tsx'
import { pathOf } from '#kernel/ui/navigation.ts'
import { Note } from '#kernel/ui/states.tsx'
import { openAnswer } from '../asking.ts'
import { proposedPlaces, routeOf } from '../route.ts'
import { issueSlip, slipUntil } from '../slips.ts'
import { ENTRY_CHECK, Exit } from './ask.tsx'
import { padded } from './padded.ts'

const PATH = `${ENTRY_CHECK}/slip`
const Wanted = z.object({
  ...PROOF,
  from: z.string('entry_check.slip.from_missing').max(40),
  to: z.string('entry_check.slip.to_missing').max(40),
})

/** A slip that a traveller may show, and nobody may ask for. Made after reference and PIN were given once more. */
export const slipPage = definePage({
  path: PATH,
  access: 'public',
  get: (ctx) => form(ctx, { values: {}, errors: {} }),
  async post(ctx, c, sent) {
    const read = readForm(Wanted, sent)
    if (!read.ok) {
      keptNothing(c)
      return padded(c, await form(ctx, { values: read.values, errors: read.errors }), 422)
    }
    const routed = await routeOf(ctx, read.value.from, read.value.to)
    if ('errors' in routed) {
      keptNothing(c)
      return padded(c, await form(ctx, { values: read.values, errors: routed.errors }), 422)
    }
    const opened = await openAnswer(ctx, c, read.value)
    const until = typeof opened === 'string' ? opened : slipUntil(ctx, opened.answer)
    if (typeof opened === 'string' || typeof until === 'string')
      return padded(c, await form(ctx, { values: read.values, errors: {}, outcome: until as Outcome }), 422)
    const { answer } = opened
    const { route } = routed
    const code = await issueSlip(ctx, opened, route, until)
    const address = `${ctx.platform.config.origin}${pathOf(ctx, `${ENTRY_CHECK}/verify`)}#${code}`
    const square = await QRCode.toString(address, { type: 'svg', margin: 4, errorCorrectionLevel: 'L' })
    const { t, format } = ctx
    // Read abroad too, beside a page that tells the same in UTC.
    const here = (at: Temporal.Instant) => `${format.dateTime(at)} (UTC${offsetAt(at, format.time_zone)})`
    return padded(
      c,
      <PublicPage ctx={ctx} title={t('entry_check.slip.page')} current={ENTRY_CHECK} path={PATH} robots="noindex">
        <div class="flow">
          <Exit ctx={ctx} />
          <article class="flow sheet-print">
            <h1>{t('entry_check.slip.title')}</h1>
            <Never ctx={ctx} />
            <div class="qr slip">
              <div
                dangerouslySetInnerHTML={{
                  __html: square
                    .replace(/<\?xml[^>]*>|<!DOCTYPE[^>]*>/g, '')
                    .replace('<svg ', '<svg role="img" aria-hidden="true" '),
                }}
              />
              <Pairs
                items={[
                  [t('entry_check.slip.route'), route],
                  [
                    t('entry_check.answer.list'),
                    t('entry_check.answer.version', {
                      version: answer.list.version,
                      date: format.date(Temporal.Instant.from(answer.list.on!)),
                    }),
                  ],
                  [t('entry_check.answer.checked'), here(Temporal.Instant.from(answer.at))],
                  [t('entry_check.slip.until'), here(until)],
                ]}
              />
            </div>
            <p class="noprint">
              <a href={address}>{t('entry_check.slip.open')}</a>
            </p>
            <p class="quiet">{t('entry_check.slip.keep')}</p>
          </article>
        </div>
      </PublicPage>,
      200,
    )
  },
})

// +5, or +5:30 where a clock has half hours.
const offsetAt = (at: Temporal.Instant, time_zone: string) =>
  at.toZonedDateTimeISO(time_zone).offset.replace(/(?<=[+-])0|:00$/g, '')

/** It is said on every page about slips. */
export const Never = ({ ctx: { t } }: { ctx: Ctx }) => (
  <Note state="attention" title={t('entry_check.slip.never')}>
    {t('entry_check.slip.never_text')}
  </Note>
)

type Outcome = 'wrong' | 'none' | 'old'
type Props = { values: FormValues; errors: FormErrors; outcome?: Outcome }

async function form(ctx: Ctx, { values, errors, outcome }: Props) {
  const options = await proposedPlaces(ctx)
  const { t } = ctx
  const words = errorTexts(ctx, errors)
  return (
    <PublicPage ctx={ctx} title={t('entry_check.slip.page')} current={ENTRY_CHECK} path={PATH} robots="noindex">
      <div class="flow">
        <Exit ctx={ctx} />
        <Crumb href={pathOf(ctx, ENTRY_CHECK)} label={t('entry_check.title')} />
        <h1>{t('entry_check.slip.page')}</h1>
        <p>{t('entry_check.slip.lead')}</p>
        <Never ctx={ctx} />
        <ErrorSummary ctx={ctx} errors={words} />
        {outcome && (
          <Note state={outcome === 'wrong' ? 'stop' : 'unknown'} title={t(`entry_check.slip.${outcome}`)} announce>
            {t(`entry_check.slip.${outcome}_text`)}
          </Note>
        )}
        <form method="post" class="flow" autocomplete="off">
          <ProofFields ctx={ctx} values={values} words={words} />
          {(['from', 'to'] as const).map((name) => (
            <TextField
              name={name}
              label={t(`entry_check.slip.${name}`)}
              value={values[name]}
              hint={t(`entry_check.slip.${name}_hint`)}
              error={words[name]}
              options={options[name]}
              autocomplete="off"
              maxlength={40}
            />
          ))}
          <Button>{t('entry_check.slip.make')}</Button>
        </form>
      </div>
    </PublicPage>
  )
}
