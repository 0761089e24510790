import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { asset } from '#kernel/http/assets.ts'
import { type FormErrors, type FormValues, readForm } from '#kernel/http/forms.ts'
import { definePage, localPath, seeOther } from '#kernel/http/page.ts'
import { readAbout } from '#kernel/notifications/inbox.ts'
import { problem } from '#kernel/problem.ts'
import { Headline } from '#kernel/ui/blocks.tsx'
import { Button } from '#kernel/ui/buttons.tsx'
import { DateField } from '#kernel/ui/date-field.tsx'
import { ErrorSummary, errorTexts } from '#kernel/ui/errors.tsx'
import { HiddenField, TextField } from '#kernel/ui/fields.tsx'
import { Note, type State } from '#kernel/ui/states.tsx'
import { WorkPage } from '#kernel/ui/work-layout.tsx'
import { figuresOwed, type Owed, stateFigure } from '../carrier/figures.ts'
import { INPUTS } from '../carrier/passenger.ts'
import { evaluateBlinded, referPassenger, takeBuckets } from '../carrier/query.ts'
import { CARRIER_CHECK, CARRY } from '../carrier/telling.ts'
import { FigureTag } from './agreements.tsx'
import { ENTRY_CHECK } from './ask.tsx'

const text = z.string().max(60)
const several = z
  .string()
  .max(600)
  .transform((all) => all.split(','))
const head = z.string().regex(/^\d{1,5}$/)
const Step = z.discriminatedUnion('step', [
  z.object({ step: z.literal('ask'), points: several.pipe(z.array(text).length(INPUTS)) }),
  z.object({ step: z.literal('tags'), query: z.uuid(), heads: several.pipe(z.array(head).length(INPUTS)) }),
  z.object({ step: z.literal('refer'), query: z.uuid(), token: text }),
])

// Never "ok": nothing found is no permission.
const STATES: Record<string, State> = {
  missing: 'attention',
  asking: 'unknown',
  nothing: 'unknown',
  refer: 'attention',
  off: 'stop',
  quota: 'stop',
  failed: 'stop',
}

/** One passenger at a counter: blinded by the page's script; what is typed has nowhere to go without it. */
export const carrierCheckPage = definePage({
  path: CARRIER_CHECK,
  access: CARRY,
  get: (ctx, c) => <CarrierCheck ctx={ctx} done={c.req.query('done') === 'figure'} />,
  async post(ctx, c, form) {
    const read = Step.safeParse(Object.fromEntries(form))
    if (!read.success) throw problem('invalid')
    const step = read.data
    if (step.step === 'ask') return c.json(await evaluateBlinded(ctx, step.points))
    if (step.step === 'tags') return c.json(await takeBuckets(ctx, step.query, step.heads.map(Number)))
    await referPassenger(ctx, step.query, step.token)
    return c.json({})
  },
})

export const Figure = z.object({
  month: z.string().regex(/^20\d\d-(0[1-9]|1[0-2])$/),
  passengers: z.coerce
    .number('entry_check.figure.wrong')
    .int('entry_check.figure.wrong')
    .min(0, 'entry_check.figure.wrong')
    .max(10_000_000, 'entry_check.figure.wrong'),
})

/** A carrier states how many it carried in a month that ended. */
export const carrierFigurePage = definePage({
  path: `${CARRIER_CHECK}/figure`,
  access: CARRY,
  get: (ctx, c) => seeOther(ctx, c, CARRIER_CHECK),
  async post(ctx, c, form) {
    const read = readForm(Figure, form)
    if (!read.ok) {
      c.status(422)
      return <CarrierCheck ctx={ctx} values={read.values} errors={read.errors} />
    }
    await stateFigure(ctx, Temporal.PlainDate.from(`${read.value.month}-01`), read.value.passengers)
    return seeOther(ctx, c, `${CARRIER_CHECK}?done=figure`)
  },
})

type Props = { ctx: Ctx; done?: boolean; values?: FormValues; errors?: FormErrors }

async function CarrierCheck({ ctx, done = false, values = {}, errors = {} }: Props) {
  const { t } = ctx
  const owed = await figuresOwed(ctx)
  if (owed) await readAbout(ctx, { type: 'agreement', id: owed.agreement })
  const row = await ctx.db.selectFrom('entry_check.key').select('oprf_public').executeTakeFirst()
  const field = (name: 'document' | 'family' | 'given') => (
    <TextField name={name} label={t(`entry_check.desk.${name}`)} autocomplete="off" spellcheck={false} maxlength={60} />
  )
  return (
    <WorkPage
      ctx={ctx}
      title={t('entry_check.carrier.title')}
      current={CARRIER_CHECK}
      head={<script type="module" src={asset('carrier.js')} />}
    >
      <Headline title={t('entry_check.carrier.title')} lead={t('entry_check.carrier.lead')} />
      {done && <Note state="ok" title={t('entry_check.figure.stated')} announce />}
      {owed?.off_for_figure && (
        <Note state="stop" title={t('entry_check.figure.off')}>
          {t(owed.months.length > 0 ? 'entry_check.figure.off_text' : 'entry_check.figure.off_look')}
        </Note>
      )}
      {!owed && (
        <Note state="stop" title={t('entry_check.carrier.off')}>
          {t('entry_check.carrier.off_text')}
        </Note>
      )}
      {owed && <FigureForm ctx={ctx} owed={owed} values={values} errors={errors} />}
      {owed && !owed.off_for_figure && (
        <>
          <noscript>
            <Note state="attention" title={t('entry_check.carrier.script')}>
              {t('entry_check.carrier.script_text')}
            </Note>
          </noscript>
          <carrier-check class="flow" data-key={row?.oprf_public?.toString('base64') ?? ''}>
            <form class="card flow" autocomplete="off" novalidate hidden>
              {field('document')}
              <DateField ctx={ctx} name="birth" label={t('entry_check.desk.birth')} value={{}} />
              {field('family')}
              {field('given')}
              <Button icon="search">{t('entry_check.carrier.ask')}</Button>
            </form>
            <div aria-live="polite">
              {Object.entries(STATES).map(([state, look]) => (
                <div data-state={state} hidden>
                  <Note state={look} title={t(`entry_check.carrier.${state}`)}>
                    {state === 'nothing' ? (
                      <>
                        {t('entry_check.answer.list')}: <b data-part="list" /> · <b data-part="list_on" />.{' '}
                        {t('entry_check.carrier.nothing_text')}
                      </>
                    ) : state === 'refer' ? (
                      <>
                        <p>{t('entry_check.carrier.refer_text')}</p>
                        <p>{t('entry_check.carrier.refer_desk')}</p>
                        <p>{t('entry_check.carrier.refer_rebook')}</p>
                        <p>
                          <a href={localPath(ctx, ENTRY_CHECK)}>{t('entry_check.title')}</a>
                        </p>
                      </>
                    ) : (
                      t(`entry_check.carrier.${state}_text`)
                    )}
                  </Note>
                </div>
              ))}
            </div>
          </carrier-check>
        </>
      )}
      <p class="quiet">{t('entry_check.carrier.private')}</p>
    </WorkPage>
  )
}

// The oldest month first; the next comes once it is stated.
const FigureForm = ({
  ctx,
  owed,
  values,
  errors,
}: {
  ctx: Ctx
  owed: Owed
  values: FormValues
  errors: FormErrors
}) => {
  const { t, format } = ctx
  const [first] = owed.months
  if (!first) return null
  const words = errorTexts(ctx, errors)
  return (
    <form method="post" action={localPath(ctx, `${CARRIER_CHECK}/figure`)} class="card flow" novalidate>
      <h2>{t('entry_check.figure.ask', { month: format.month(first.month) })}</h2>
      <FigureTag ctx={ctx} month={first.month} />
      <p class="quiet">{t('entry_check.figure.ask_text', { count: first.queries })}</p>
      <ErrorSummary ctx={ctx} errors={words} />
      <HiddenField name="month" value={first.month.toString().slice(0, 7)} />
      <TextField
        name="passengers"
        label={t('entry_check.carriers.passengers')}
        hint={t('entry_check.figure.once')}
        value={values.passengers}
        error={words.passengers}
        width="short"
        inputmode="numeric"
      />
      {/* One filled button on a page: asking, or what stands in its way. */}
      <Button kind={owed.off_for_figure ? undefined : 'second'}>{t('entry_check.figure.state')}</Button>
    </form>
  )
}
